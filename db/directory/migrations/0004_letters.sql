-- Letters with codes of the release before had no end and were never deleted. They are told by the subject that it gave them.
DELETE FROM `mail` WHERE `expires_at` IS NULL AND `subject` IN ('合意验证码', 'Your Heyi code');
