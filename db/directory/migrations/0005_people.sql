ALTER TABLE `accounts` ADD `seal` text;--> statement-breakpoint
ALTER TABLE `codes` ADD `seal` text;--> statement-breakpoint
ALTER TABLE `invitations` ADD `seal` text;--> statement-breakpoint
ALTER TABLE `lenders` ADD `seal` text;--> statement-breakpoint
ALTER TABLE `seats` ADD `seal` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `seal` text;--> statement-breakpoint
ALTER TABLE `staff` ADD `seal` text;