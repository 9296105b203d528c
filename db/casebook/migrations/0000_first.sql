CREATE TABLE `cases` (
	`id` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`lender` text NOT NULL,
	`opened_at` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`last_at` text NOT NULL,
	`stage` text NOT NULL,
	`awaited` text,
	`deadline` text,
	`borrower` text,
	`reference` text NOT NULL,
	`amount` integer NOT NULL,
	`state` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cases_number` ON `cases` (`number`);--> statement-breakpoint
CREATE INDEX `cases_awaited` ON `cases` (`awaited`,`last_at`,`id`);--> statement-breakpoint
CREATE INDEX `cases_last` ON `cases` (`last_at`,`id`);--> statement-breakpoint
CREATE INDEX `cases_deadline` ON `cases` (`deadline`);--> statement-breakpoint
CREATE TABLE `checkpoints` (
	`case` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`at` text NOT NULL,
	`key` text NOT NULL,
	`signature` text NOT NULL,
	PRIMARY KEY(`case`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `drafts` (
	`account` text NOT NULL,
	`about` text NOT NULL,
	`case` text NOT NULL,
	`content` text NOT NULL,
	`updated_at` text NOT NULL,
	PRIMARY KEY(`account`, `about`)
);
--> statement-breakpoint
CREATE TABLE `entries` (
	`case` text NOT NULL,
	`seq` integer NOT NULL,
	`at` text NOT NULL,
	`kind` text NOT NULL,
	`author` text,
	`author_salt` text,
	`author_digest` text NOT NULL,
	`content` text,
	`salt` text,
	`digest` text NOT NULL,
	`prev` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`case`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `files` (
	`case` text NOT NULL,
	`sha256` text NOT NULL,
	`size` integer NOT NULL,
	`type` text NOT NULL,
	`name` text NOT NULL,
	`original` text NOT NULL,
	`account` text NOT NULL,
	`at` text NOT NULL,
	`erased_at` text,
	PRIMARY KEY(`case`, `sha256`)
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`case` text NOT NULL,
	`seq` integer NOT NULL,
	`side` text NOT NULL,
	`kind` text NOT NULL,
	`hash` text NOT NULL,
	`number` text NOT NULL,
	`at` text NOT NULL,
	`sent_at` text,
	PRIMARY KEY(`case`, `seq`, `side`)
);
--> statement-breakpoint
CREATE INDEX `outbox_unsent` ON `outbox` (`sent_at`);--> statement-breakpoint
CREATE TABLE `policy` (
	`id` integer PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `requests` (
	`id` text PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`outcome` text NOT NULL,
	`at` text NOT NULL
);
