CREATE TABLE `looked` (
	`case` text NOT NULL,
	`job` text NOT NULL,
	`mark` text NOT NULL,
	PRIMARY KEY(`case`, `job`)
);
