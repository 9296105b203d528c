CREATE TABLE `readers` (
	`case` text NOT NULL,
	`account` text NOT NULL,
	`name` text NOT NULL,
	`seq` integer NOT NULL,
	`at` text NOT NULL,
	`since` integer NOT NULL,
	`since_at` text NOT NULL,
	`writing_at` text,
	`list` text DEFAULT '' NOT NULL,
	PRIMARY KEY(`case`, `account`)
);
