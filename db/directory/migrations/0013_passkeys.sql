CREATE TABLE `challenges` (
	`session` text NOT NULL,
	`purpose` text NOT NULL,
	`challenge` text NOT NULL,
	`expires_at` text NOT NULL,
	`seal` text,
	PRIMARY KEY(`session`, `purpose`)
);
--> statement-breakpoint
CREATE INDEX `challenges_old` ON `challenges` (`expires_at`);--> statement-breakpoint
CREATE TABLE `passkeys` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`public_key` text NOT NULL,
	`algorithm` integer NOT NULL,
	`transports` text NOT NULL,
	`name` text NOT NULL,
	`since` text NOT NULL,
	`counter` integer NOT NULL,
	`used_at` text,
	`seal` text,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `passkeys_account` ON `passkeys` (`account`);