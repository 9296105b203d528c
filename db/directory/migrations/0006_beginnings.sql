CREATE TABLE `beginnings` (
	`owner` text NOT NULL,
	`about` text NOT NULL,
	`lender` text,
	`content` text NOT NULL,
	`updated_at` text NOT NULL,
	`expires_at` text NOT NULL,
	PRIMARY KEY(`owner`, `about`),
	FOREIGN KEY (`lender`) REFERENCES `lenders`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `beginnings_old` ON `beginnings` (`expires_at`);--> statement-breakpoint
CREATE TABLE `wanted` (
	`name` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`first_at` text NOT NULL,
	`last_at` text NOT NULL
);
