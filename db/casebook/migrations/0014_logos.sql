CREATE TABLE `logos` (
	`sha256` text PRIMARY KEY NOT NULL,
	`data` text NOT NULL,
	`at` text NOT NULL
);
