CREATE TABLE `returned` (
	`owner` text NOT NULL,
	`about` text NOT NULL,
	`content` text NOT NULL,
	`at` text NOT NULL,
	`expires_at` text NOT NULL,
	PRIMARY KEY(`owner`, `about`)
);
--> statement-breakpoint
CREATE INDEX `returned_old` ON `returned` (`expires_at`);