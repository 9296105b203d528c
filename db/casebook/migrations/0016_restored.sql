CREATE INDEX `anchored_restored` ON `anchored` (`position`) WHERE restored > 0;--> statement-breakpoint
CREATE INDEX `entries_restored` ON `entries` (`case`) WHERE kind = 'custody.restored';