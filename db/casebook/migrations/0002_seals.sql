CREATE TABLE `leaving` (
	`path` text PRIMARY KEY NOT NULL,
	`at` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `cases` ADD `seal` text;--> statement-breakpoint
ALTER TABLE `policy` ADD `seal` text;--> statement-breakpoint
-- Files that were erased and had not left storage yet.
INSERT INTO `leaving` (`path`, `at`) SELECT 'cases/' || `case` || '/' || `sha256`, `erased_at` FROM `files` WHERE `erased_at` IS NOT NULL;--> statement-breakpoint
DELETE FROM `files` WHERE `erased_at` IS NOT NULL;--> statement-breakpoint
ALTER TABLE `files` DROP COLUMN `erased_at`;
