ALTER TABLE `cases` ADD `complaint_due` text;--> statement-breakpoint
CREATE INDEX `cases_complaint` ON `cases` (`complaint_due`,`id`) WHERE "cases"."complaint_due" IS NOT NULL;