ALTER TABLE `cases` ADD `assignee` text;--> statement-breakpoint
ALTER TABLE `cases` ADD `team` text;--> statement-breakpoint
CREATE INDEX `cases_assignee` ON `cases` (`assignee`,`last_at`,`id`);