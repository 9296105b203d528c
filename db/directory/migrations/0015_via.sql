ALTER TABLE `invitations` ADD `via` text;--> statement-breakpoint
ALTER TABLE `staff` ADD `via` text;