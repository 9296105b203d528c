ALTER TABLE `anchored` ADD `missing` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `anchored` ADD `restored` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `anchored_missing` ON `anchored` (`case`) WHERE missing = 1;