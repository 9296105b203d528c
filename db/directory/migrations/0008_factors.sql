CREATE TABLE `factors` (
	`account` text PRIMARY KEY NOT NULL,
	`secret` text NOT NULL,
	`since` text NOT NULL,
	`last_step` integer NOT NULL,
	`seal` text,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `spare_codes` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`since` text NOT NULL,
	`seal` text,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `spare_codes_account` ON `spare_codes` (`account`);--> statement-breakpoint
ALTER TABLE `sessions` ADD `factor_at` text;