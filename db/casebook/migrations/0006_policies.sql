ALTER TABLE `policy` ADD `holds_from` text;--> statement-breakpoint
ALTER TABLE `policy` ADD `holds_until` text;