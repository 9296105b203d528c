CREATE TABLE `second_contacts` (
	`account` text PRIMARY KEY NOT NULL,
	`contact` text NOT NULL,
	`since` text NOT NULL,
	`refused_at` text,
	`seal` text,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
