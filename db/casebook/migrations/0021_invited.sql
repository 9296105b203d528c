ALTER TABLE `imports` ADD `texts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `imports` ADD `mails` integer DEFAULT 0 NOT NULL;