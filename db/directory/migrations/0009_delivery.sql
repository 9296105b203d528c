CREATE TABLE `told` (
	`account` text PRIMARY KEY NOT NULL,
	`refused_at` text,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
DROP INDEX `mail_unsent`;--> statement-breakpoint
ALTER TABLE `mail` ADD `language` text DEFAULT 'zh' NOT NULL;--> statement-breakpoint
ALTER TABLE `mail` ADD `template` text DEFAULT 'news' NOT NULL;--> statement-breakpoint
ALTER TABLE `mail` ADD `params` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `mail` ADD `urgency` integer DEFAULT 2 NOT NULL;--> statement-breakpoint
ALTER TABLE `mail` ADD `account` text;--> statement-breakpoint
ALTER TABLE `mail` ADD `lender` text;--> statement-breakpoint
ALTER TABLE `mail` ADD `reply_to` text;--> statement-breakpoint
ALTER TABLE `mail` ADD `unsubscribe` text;--> statement-breakpoint
ALTER TABLE `mail` ADD `next_at` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `mail` ADD `dead_at` text;--> statement-breakpoint
ALTER TABLE `mail` ADD `fault` text;--> statement-breakpoint
CREATE INDEX `mail_waiting` ON `mail` (`urgency`,`created_at`) WHERE sent_at IS NULL AND dead_at IS NULL;--> statement-breakpoint
CREATE INDEX `mail_dead` ON `mail` (`lender`,`dead_at`) WHERE dead_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `mail_sent` ON `mail` (`sent_at`);--> statement-breakpoint
CREATE INDEX `mail_created` ON `mail` (`created_at`);--> statement-breakpoint
-- Before this release no letter left: those that are here were read where they stand, and are sent to nobody now.
UPDATE `mail` SET `sent_at` = `created_at` WHERE `sent_at` IS NULL;
