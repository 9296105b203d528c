CREATE TABLE `restorations` (
	`lender` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`at` text NOT NULL,
	`after` integer NOT NULL,
	`seal` text,
	FOREIGN KEY (`lender`) REFERENCES `lenders`(`id`) ON UPDATE no action ON DELETE no action
);
