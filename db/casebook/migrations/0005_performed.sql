ALTER TABLE `cases` ADD `next_due` text;--> statement-breakpoint
ALTER TABLE `cases` ADD `next_amount` integer;--> statement-breakpoint
ALTER TABLE `cases` ADD `to_confirm` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `cases_to_confirm` ON `cases` (`last_at`,`id`) WHERE "cases"."to_confirm" > 0;--> statement-breakpoint
CREATE INDEX `cases_loan` ON `cases` (upper(replace(replace(`reference`, ' ', ''), '-', '')));
