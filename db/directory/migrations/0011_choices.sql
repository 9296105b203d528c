ALTER TABLE `mail` ADD `about` text;--> statement-breakpoint
CREATE INDEX `mail_about` ON `mail` (`account`,`about`,`sent_at`);--> statement-breakpoint
ALTER TABLE `told` ADD `choices` text;