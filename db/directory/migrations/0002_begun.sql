CREATE TABLE `begun` (
	`account` text NOT NULL,
	`lender` text NOT NULL,
	PRIMARY KEY(`account`, `lender`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`lender`) REFERENCES `lenders`(`id`) ON UPDATE no action ON DELETE no action
);
