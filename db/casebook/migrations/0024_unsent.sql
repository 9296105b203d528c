CREATE TABLE `unsent` (
	`case` text NOT NULL,
	`account` text NOT NULL,
	`version` integer NOT NULL,
	`form` text NOT NULL,
	`content` text NOT NULL,
	PRIMARY KEY(`case`, `account`)
);
