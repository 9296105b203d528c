ALTER TABLE `lenders` ADD `paused_at` text;--> statement-breakpoint
ALTER TABLE `lenders` ADD `ended_at` text;