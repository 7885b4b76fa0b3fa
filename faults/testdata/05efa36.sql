PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_version (version BIGINT NOT NULL);
INSERT INTO schema_version VALUES(4);
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);
INSERT INTO secrets VALUES('keys',X'395737504f474f5241616e71496d62757055356d6852773064643275767a306f68504767526f4850374f4d');
CREATE TABLE accounts (
    id         TEXT PRIMARY KEY,
    parent_id  TEXT NOT NULL,
    name       TEXT NOT NULL,
    owner_id   TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO accounts VALUES('faults','','Muster','0VbvFVgas981ldfXmvnTTv',1795550165764);
INSERT INTO accounts VALUES('wg7iN0uncyd3iRyciqRV1K','faults','Branch','0VbvFVr32s60xwcDUr0g91',1795550166413);
CREATE TABLE users (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    account_id   TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    email        TEXT NOT NULL,
    email_key    TEXT NOT NULL,
    first_name   TEXT NOT NULL,
    last_name    TEXT NOT NULL,
    display_name TEXT NOT NULL,
    type         BIGINT NOT NULL,
    status       TEXT NOT NULL,
    role         TEXT NOT NULL,
    action       TEXT NOT NULL,
    pmi          BIGINT NOT NULL,
    timezone     TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    UNIQUE (account_id, email_key)
);
INSERT INTO users VALUES(1,'0VbvFVgas981ldfXmvnTTv','faults','owner@example.com','owner@example.com','Account','Owner','Account Owner',2,'active','0','create',4945429054,'UTC',1795550165764,1795550165764);
INSERT INTO users VALUES(2,'0VbvFVr32s60xwcDUr0g91','wg7iN0uncyd3iRyciqRV1K','branch@example.org','branch@example.org','Account','Owner','Account Owner',2,'active','0','create',5735922313,'UTC',1795550166413,1795550166413);
INSERT INTO users VALUES(3,'0VbvFVxQ4hopeGN9O7HxsB','faults','jo@example.com','jo@example.com','jo','Host','jo Host',2,'active','2','create',2941488539,'UTC',1795550166808,1795550166808);
INSERT INTO users VALUES(4,'0VbvFW01kR4hbap6BG3awa','faults','kim@example.com','kim@example.com','kim','Host','kim Host',2,'active','2','create',2893456568,'UTC',1795550166969,1795550166969);
CREATE TABLE apps (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    secret     TEXT NOT NULL,
    scopes     TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO apps VALUES('faults-client','faults','first app','pbkdf2-sha256-10000:1V0yVkBoujGTVNTX:d63b7b70a7418f7889dd9c87a96525cd6b6e67eb077720da1d48700f28e67630','',1795550165764);
INSERT INTO apps VALUES('hVSRkICINnmLU1PitaGUD4','wg7iN0uncyd3iRyciqRV1K','first app','pbkdf2-sha256-10000:NgWm4tOLsRwuCdiF:ecac68adbeb535b5a479170428ab3d3840a515264b140e937f38536a8a0c8f8f','',1795550166413);
INSERT INTO apps VALUES('184plzf34SmKPlAdzECyBK','faults','moodle','pbkdf2-sha256-10000:cByTbjdoDcMaZ20T:8bafbaedaeb0395eb4386bd25487538be6c5bbd18cef43650d8e35244b9b9563','meeting:read:admin',1795550166675);
CREATE TABLE tokens (
    hash       BYTEA PRIMARY KEY,
    app_id     TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO tokens VALUES(X'53ea3470034f706d3ed20b8f7271a532d7bbf412a384a244c77e6e0614c8e62d','faults-client','0VbvFVgas981ldfXmvnTTv',1795553766185);
CREATE TABLE meetings (
    id                 BIGINT PRIMARY KEY,
    uuid               TEXT NOT NULL UNIQUE,
    account_id         TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    host_id            TEXT NOT NULL,
    assistant_id       TEXT NOT NULL,
    type               BIGINT NOT NULL,
    topic              TEXT NOT NULL,
    agenda             TEXT NOT NULL,
    start_at           BIGINT NOT NULL,
    end_at             BIGINT NOT NULL,
    minutes            BIGINT NOT NULL,
    timezone           TEXT NOT NULL,
    recurrence         TEXT NOT NULL,
    passcode           TEXT NOT NULL,
    pre_schedule       BOOLEAN NOT NULL,
    state              TEXT NOT NULL,
    state_before       TEXT NOT NULL,
    approval           BIGINT NOT NULL,
    registration_type  BIGINT NOT NULL,
    close_registration BOOLEAN NOT NULL,
    alternative_hosts  TEXT NOT NULL,
    settings           TEXT NOT NULL,
    questions          TEXT NOT NULL,
    tracking           TEXT NOT NULL,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL,
    deleted_at         BIGINT NOT NULL
, kept TEXT NOT NULL DEFAULT '{}');
INSERT INTO meetings VALUES(94205776611,'ZXq4Jfl7ez7eGPNzfggwEQ==','faults','0VbvFVgas981ldfXmvnTTv','',2,'Open day','',4076128800000,4076131500000,45,'Europe/Berlin','null','jAa0yY',0,'waiting','',0,1,0,'null','{"approval_type":0}','{}','null',1795550167074,1795550167074,0,'{}');
INSERT INTO meetings VALUES(46454956711,'SXWplWV+X5ZMnTlWx1Pzgw==','faults','0VbvFVgas981ldfXmvnTTv','',2,'Open day','',4076128800000,4076131500000,45,'Europe/Berlin','null','nUeUQY',0,'waiting','',1,1,0,'null','{"approval_type":1}','{"standard":[{"field":"org"}],"custom":[{"id":1,"title":"Lunch?","type":"short"}],"last_id":1}','null',1795550167232,1795550170639,0,'{}');
INSERT INTO meetings VALUES(18561940146,'bExDjm3cdbE97NfjP26ZyA==','faults','0VbvFVgas981ldfXmvnTTv','',8,'Open day','',4076128800000,4076304300000,45,'Europe/Berlin','{"type":1,"monthly_week_day":-1,"end_times":4}','y5LL2Q',0,'waiting','',0,1,0,'null','{"approval_type":0,"registration_type":1}','{}','null',1795550170957,1795550173768,0,'{}');
INSERT INTO meetings VALUES(32601884711,'rsdEOYfQ/M87x1Ps+2TTNQ==','faults','0VbvFVgas981ldfXmvnTTv','',8,'Open day','',4076128800000,4076390700000,45,'Europe/Berlin','{"type":1,"monthly_week_day":-1,"end_times":4}','8KRsKO',0,'waiting','',0,2,0,'null','{"approval_type":0,"registration_type":2}','{}','null',1795550171933,1795550171933,0,'{}');
INSERT INTO meetings VALUES(13850580363,'Pmy02V0okHkmqC0wSkfNug==','faults','0VbvFVgas981ldfXmvnTTv','',8,'Open day','',4076128800000,4076390700000,45,'Europe/Berlin','{"type":1,"monthly_week_day":-1,"end_times":4}','CMTuKz',0,'waiting','',0,3,0,'null','{"approval_type":0,"registration_type":3}','{}','null',1795550172835,1795550172835,0,'{}');
INSERT INTO meetings VALUES(36667339966,'QQgfjn8xM/Ag+TnIQqZebA==','faults','0VbvFVgas981ldfXmvnTTv','',2,'Open day','',4076128800000,4076131500000,45,'Europe/Berlin','null','lrdkvi',0,'deleted','waiting',0,1,0,'null','{"approval_type":0}','{}','null',1795550173853,1795550174311,1795550174311,'{}');
INSERT INTO meetings VALUES(45184964446,'D8BcZpNtm4AxeYl6TbiPRQ==','faults','0VbvFVgas981ldfXmvnTTv','',3,'Open day','',0,0,45,'Europe/Berlin','null','sdUzUd',0,'waiting','',2,1,0,'null','{"approval_type":2}','{}','null',1795550174400,1795550174400,0,'{}');
CREATE TABLE occurrences (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    id         BIGINT NOT NULL,
    start_at   BIGINT NOT NULL,
    minutes    BIGINT NOT NULL,
    deleted    BOOLEAN NOT NULL,
    changes    TEXT NOT NULL, ended BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (meeting_id, id)
);
INSERT INTO occurrences VALUES(32601884711,4076128800000,4076128800000,45,0,'{}',0);
INSERT INTO occurrences VALUES(32601884711,4076215200000,4076215200000,45,0,'{}',0);
INSERT INTO occurrences VALUES(32601884711,4076301600000,4076301600000,45,0,'{}',0);
INSERT INTO occurrences VALUES(32601884711,4076388000000,4076388000000,45,0,'{}',0);
INSERT INTO occurrences VALUES(13850580363,4076128800000,4076128800000,45,0,'{}',0);
INSERT INTO occurrences VALUES(13850580363,4076215200000,4076215200000,45,0,'{}',0);
INSERT INTO occurrences VALUES(13850580363,4076301600000,4076301600000,45,0,'{}',0);
INSERT INTO occurrences VALUES(13850580363,4076388000000,4076388000000,45,0,'{}',0);
INSERT INTO occurrences VALUES(18561940146,4076128800000,4076128800000,45,0,'{}',0);
INSERT INTO occurrences VALUES(18561940146,4076215200000,4076215200000,45,0,'{}',0);
INSERT INTO occurrences VALUES(18561940146,4076301600000,4076301600000,45,0,'{}',0);
INSERT INTO occurrences VALUES(18561940146,4076388000000,4076388000000,45,1,'{}',0);
CREATE TABLE registrants (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL,
    meeting_id   BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    slot         BIGINT NOT NULL,
    email_key    TEXT NOT NULL,
    status       TEXT NOT NULL,
    person       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    UNIQUE (meeting_id, id),
    UNIQUE (meeting_id, slot, email_key)
);
INSERT INTO registrants VALUES(1,'0VbvFW8Ns7nxW0Ovwz8DyW',94205776611,0,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":755912}',1795550167487);
INSERT INTO registrants VALUES(2,'0VbvFWAdBUCYT17oPM7xSe',94205776611,0,'bob@example.com','denied','{"email":"bob@example.com","first_name":"bob","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":812734}',1795550167627);
INSERT INTO registrants VALUES(3,'0VbvFWCVyf8kgR1CotvpqJ',94205776611,0,'cem@example.com','cancelled','{"email":"cem@example.com","first_name":"cem","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":504994}',1795550167743);
INSERT INTO registrants VALUES(4,'0VbvFWDy5UZU1yBuKfgcZT',94205776611,0,'dee@example.com','approved','{"email":"dee@example.com","first_name":"dee","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":835127}',1795550167834);
INSERT INTO registrants VALUES(5,'0VbvFWFyzuQES7iZOyavvm',94205776611,0,'eve@example.com','approved','{"email":"eve@example.com","first_name":"eve","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":806419}',1795550167958);
INSERT INTO registrants VALUES(6,'0VbvFWI5HlNsmTDYT4oFqe',94205776611,0,'fay@example.com','approved','{"email":"fay@example.com","first_name":"fay","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":973136}',1795550168089);
INSERT INTO registrants VALUES(8,'0VbvFWWjPmGdiUOJYyqwGD',46454956711,0,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":618611}',1795550168997);
INSERT INTO registrants VALUES(9,'0VbvFWXiGwUuyYMDzl72Ke',46454956711,0,'bob@example.com','denied','{"email":"bob@example.com","first_name":"bob","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":325079}',1795550169058);
INSERT INTO registrants VALUES(10,'0VbvFWa67IyP55C3T0xoqo',46454956711,0,'cem@example.com','cancelled','{"email":"cem@example.com","first_name":"cem","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":486383}',1795550169206);
INSERT INTO registrants VALUES(11,'0VbvFWcdDa42eTWEEIUuMW',46454956711,0,'dee@example.com','pending','{"email":"dee@example.com","first_name":"dee","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":575148}',1795550169363);
INSERT INTO registrants VALUES(12,'0VbvFWfiCIeV8uJ6P9OYHK',46454956711,0,'eve@example.com','pending','{"email":"eve@example.com","first_name":"eve","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":749398}',1795550169554);
INSERT INTO registrants VALUES(13,'0VbvFWhB826ZJOQ4VdJYpt',46454956711,0,'fay@example.com','pending','{"email":"fay@example.com","first_name":"fay","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":261680}',1795550169645);
INSERT INTO registrants VALUES(15,'0VbvFWus6PBFBDLJ8J5kPM',94205776611,0,'gil@example.com','approved','{"email":"gil@example.com","first_name":"Gil","pin":151416}',1795550170494);
INSERT INTO registrants VALUES(16,'0VbvFWusz9zloGZFv7gGYp',94205776611,0,'hal@example.com','approved','{"email":"hal@example.com","pin":770573}',1795550170494);
INSERT INTO registrants VALUES(17,'0VbvFWzXzFlrp3X730NqZw',46454956711,0,'ida@example.com','pending','{"email":"ida@example.com","first_name":"Ida","pin":913122,"custom_questions":[{"title":"Lunch?","value":"Ünïcode, please 🍲"}]}',1795550170783);
INSERT INTO registrants VALUES(18,'0VbvFX7NRfklUQB226MjdH',18561940146,0,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann","pin":391730}',1795550171269);
INSERT INTO registrants VALUES(19,'0VbvFX9h9V53O2mkg3EDEl',18561940146,0,'bob@example.com','denied','{"email":"bob@example.com","first_name":"bob","pin":530745}',1795550171413);
INSERT INTO registrants VALUES(20,'0VbvFXAwbv3KTC9O0J2ZYT',18561940146,0,'cem@example.com','approved','{"email":"cem@example.com","first_name":"cem","pin":688718}',1795550171490);
INSERT INTO registrants VALUES(21,'0VbvFXOGTnmX6rl8o6gMYb',32601884711,4076128800000,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann","pin":217250}',1795550172316);
INSERT INTO registrants VALUES(22,'0VbvFXPocc24l8lGyfPOP5',32601884711,4076128800000,'bob@example.com','denied','{"email":"bob@example.com","first_name":"bob","pin":548158}',1795550172412);
INSERT INTO registrants VALUES(23,'0VbvFXSOyZS31Mkttz5imu',32601884711,4076128800000,'cem@example.com','approved','{"email":"cem@example.com","first_name":"cem","pin":443200}',1795550172572);
INSERT INTO registrants VALUES(24,'0VbvFXbYicWSgxYxuSMJm7',13850580363,0,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann","pin":221874}',1795550173140);
INSERT INTO registrants VALUES(25,'0VbvFXcgPSN8rbdk1fpgGT',13850580363,0,'bob@example.com','denied','{"email":"bob@example.com","first_name":"bob","pin":817414}',1795550173210);
INSERT INTO registrants VALUES(26,'0VbvFXeHD2g4y8fAfO3ibK',13850580363,0,'cem@example.com','approved','{"email":"cem@example.com","first_name":"cem","pin":829804}',1795550173309);
INSERT INTO registrants VALUES(27,'0VbvFXr0byyobHI0kPtF62',36667339966,0,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann","last_name":"Lee","zip":"53111","org":"Example Ltd","pin":288744}',1795550174098);
INSERT INTO registrants VALUES(28,'0VbvFXzUIcjiRlIxltSOdI',94205776611,0,'jan@example.com','approved','{"email":"jan@example.com","first_name":"Jan","pin":765871}',1795550174624);
CREATE TABLE choices (
    meeting_id    BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    registrant_id TEXT NOT NULL,
    occurrence_id BIGINT NOT NULL,
    status        TEXT NOT NULL,
    PRIMARY KEY (meeting_id, registrant_id, occurrence_id),
    FOREIGN KEY (meeting_id, registrant_id) REFERENCES registrants (meeting_id, id) ON DELETE CASCADE
);
INSERT INTO choices VALUES(13850580363,'0VbvFXbYicWSgxYxuSMJm7',4076128800000,'approved');
INSERT INTO choices VALUES(13850580363,'0VbvFXbYicWSgxYxuSMJm7',4076215200000,'approved');
INSERT INTO choices VALUES(13850580363,'0VbvFXbYicWSgxYxuSMJm7',4076301600000,'approved');
INSERT INTO choices VALUES(13850580363,'0VbvFXbYicWSgxYxuSMJm7',4076388000000,'approved');
INSERT INTO choices VALUES(13850580363,'0VbvFXcgPSN8rbdk1fpgGT',4076128800000,'denied');
INSERT INTO choices VALUES(13850580363,'0VbvFXcgPSN8rbdk1fpgGT',4076215200000,'denied');
INSERT INTO choices VALUES(13850580363,'0VbvFXcgPSN8rbdk1fpgGT',4076301600000,'denied');
INSERT INTO choices VALUES(13850580363,'0VbvFXcgPSN8rbdk1fpgGT',4076388000000,'denied');
INSERT INTO choices VALUES(13850580363,'0VbvFXeHD2g4y8fAfO3ibK',4076128800000,'cancelled');
INSERT INTO choices VALUES(13850580363,'0VbvFXeHD2g4y8fAfO3ibK',4076215200000,'approved');
INSERT INTO choices VALUES(13850580363,'0VbvFXeHD2g4y8fAfO3ibK',4076301600000,'approved');
INSERT INTO choices VALUES(13850580363,'0VbvFXeHD2g4y8fAfO3ibK',4076388000000,'approved');
CREATE TABLE tallies (
    meeting_id    BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    occurrence_id BIGINT NOT NULL,
    pending       BIGINT NOT NULL,
    approved      BIGINT NOT NULL,
    denied        BIGINT NOT NULL,
    cancelled     BIGINT NOT NULL,
    waitlisted    BIGINT NOT NULL,
    made          BIGINT NOT NULL, version BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (meeting_id, occurrence_id)
);
INSERT INTO tallies VALUES(94205776611,0,0,7,1,1,0,10,2067143927353858083);
INSERT INTO tallies VALUES(46454956711,0,4,1,1,1,0,8,543519915858280370);
INSERT INTO tallies VALUES(18561940146,0,0,2,1,0,0,3,1145027646008588595);
INSERT INTO tallies VALUES(32601884711,0,0,2,1,0,0,3,1968035742014656751);
INSERT INTO tallies VALUES(32601884711,4076128800000,0,2,1,0,0,0,1458798997458265113);
INSERT INTO tallies VALUES(13850580363,0,0,2,1,0,0,3,435743137178986821);
INSERT INTO tallies VALUES(13850580363,4076128800000,0,1,1,1,0,0,1816332585018707953);
INSERT INTO tallies VALUES(13850580363,4076215200000,0,2,1,0,0,0,154751972114031513);
INSERT INTO tallies VALUES(13850580363,4076301600000,0,2,1,0,0,0,3072631690811921764);
INSERT INTO tallies VALUES(13850580363,4076388000000,0,2,1,0,0,0,1652588150168030589);
INSERT INTO tallies VALUES(36667339966,0,0,1,0,0,0,1,4227631900441274604);
CREATE TABLE events (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    at         BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    app_id     TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    meeting_id BIGINT NOT NULL,
    subjects   TEXT NOT NULL,
    data       TEXT NOT NULL
);
INSERT INTO events VALUES('0VbvFVgatflUIsomoHxYig','faults',1795550165764,'account.created','','',0,'["faults","0VbvFVgas981ldfXmvnTTv"]','{}');
INSERT INTO events VALUES('0VbvFVgaNXTd3fG1zKZhqC','faults',1795550165764,'app.added','','',0,'["faults-client"]','{}');
INSERT INTO events VALUES('0VbvFVr3uvmpZzrnVBtICY','wg7iN0uncyd3iRyciqRV1K',1795550166413,'account.created','','',0,'["wg7iN0uncyd3iRyciqRV1K","0VbvFVr32s60xwcDUr0g91"]','{}');
INSERT INTO events VALUES('0VbvFVr3CgIbB6xzYn0otW','wg7iN0uncyd3iRyciqRV1K',1795550166413,'app.added','','',0,'["hVSRkICINnmLU1PitaGUD4"]','{}');
INSERT INTO events VALUES('0VbvFVvHKevX9iBvCsShlO','faults',1795550166675,'app.added','','',0,'["184plzf34SmKPlAdzECyBK"]','{}');
INSERT INTO events VALUES('0VbvFVxQo1uZSC74xYYv7C','faults',1795550166808,'user.created','faults-client','0VbvFVgas981ldfXmvnTTv',0,'["0VbvFVxQ4hopeGN9O7HxsB"]','{"action":"create"}');
INSERT INTO events VALUES('0VbvFW01jmHMx0zohcYsZQ','faults',1795550166969,'user.created','faults-client','0VbvFVgas981ldfXmvnTTv',0,'["0VbvFW01kR4hbap6BG3awa"]','{"action":"create"}');
INSERT INTO events VALUES('0VbvFW1ikoRqZBi5l2C781','faults',1795550167074,'meeting.created','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'null','{}');
INSERT INTO events VALUES('0VbvFW4GHSWS6ScLlP90qG','faults',1795550167232,'meeting.created','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'null','{}');
INSERT INTO events VALUES('0VbvFW8NB8E0RJ6ihz59gC','faults',1795550167487,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFW8Ns7nxW0Ovwz8DyW"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWAdN71ywydBqsma72','faults',1795550167627,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFWAdBUCYT17oPM7xSe"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWCVZbvssV1ktnQ96A','faults',1795550167743,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFWCVyf8kgR1CotvpqJ"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWDy16Ebt5VOW2pi4e','faults',1795550167834,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFWDy5UZU1yBuKfgcZT"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWFyvoysQjQaz0gHtC','faults',1795550167958,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFWFyzuQES7iZOyavvm"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWI5aiL5GItSd3MhiT','faults',1795550168089,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFWI5HlNsmTDYT4oFqe"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWLyw0rXIoovRYcEEQ','faults',1795550168330,'registrants.denied','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFWAdBUCYT17oPM7xSe"]','{}');
INSERT INTO events VALUES('0VbvFWOBZPG78GI2nSuR66','faults',1795550168467,'registrants.cancelled','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFWCVyf8kgR1CotvpqJ"]','{}');
INSERT INTO events VALUES('0VbvFWQBYUqfoy1obPyN64','faults',1795550168591,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFWQBxV3Wnj1lhhf85W"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWTKlYgBb1yxHT9YsA','faults',1795550168786,'registrant.deleted','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFWQBxV3Wnj1lhhf85W"]','{}');
INSERT INTO events VALUES('0VbvFWWj8HAKPhS1UdFCR7','faults',1795550168997,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWWjPmGdiUOJYyqwGD"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWXixi5YV8ALZrIKlV','faults',1795550169058,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWXiGwUuyYMDzl72Ke"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWa6tPv7AKkSUCcZB0','faults',1795550169206,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWa67IyP55C3T0xoqo"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWcdGEj7hgUsgea455','faults',1795550169363,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWcdDa42eTWEEIUuMW"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWfiZAWiB3814mx78T','faults',1795550169554,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWfiCIeV8uJ6P9OYHK"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWhB7hQQBS5CTtaV6f','faults',1795550169645,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWhB826ZJOQ4VdJYpt"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWimTeMPynQf4glZ7H','faults',1795550169744,'registrants.approved','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWWjPmGdiUOJYyqwGD"]','{}');
INSERT INTO events VALUES('0VbvFWkhQ3DuyJzt9ttol1','faults',1795550169863,'registrants.denied','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWXiGwUuyYMDzl72Ke"]','{}');
INSERT INTO events VALUES('0VbvFWmG1Pp5TM9nbPfQok','faults',1795550169960,'registrants.cancelled','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWa67IyP55C3T0xoqo"]','{}');
INSERT INTO events VALUES('0VbvFWqj4l2MrJz5h7y1Dn','faults',1795550170237,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWqjEni50nlRqT7LUr"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWtQvKBChAjGowWpQj','faults',1795550170404,'registrant.deleted','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWqjEni50nlRqT7LUr"]','{}');
INSERT INTO events VALUES('0VbvFWusF4WoSqIxxKxdzI','faults',1795550170494,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFWus6PBFBDLJ8J5kPM","0VbvFWusz9zloGZFv7gGYp"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFWxD9JJo5xQps8ZAli','faults',1795550170639,'questions.changed','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'null','{}');
INSERT INTO events VALUES('0VbvFWzXu37hvdsI6lfm1x','faults',1795550170783,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',46454956711,'["0VbvFWzXzFlrp3X730NqZw"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFX2Lha9J9P3E5cqcYb','faults',1795550170957,'meeting.created','faults-client','0VbvFVgas981ldfXmvnTTv',18561940146,'null','{}');
INSERT INTO events VALUES('0VbvFX7NuLO9cGXcTf3Z6j','faults',1795550171269,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',18561940146,'["0VbvFX7NRfklUQB226MjdH"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFX9hkIviOdHVMVKNSU','faults',1795550171413,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',18561940146,'["0VbvFX9h9V53O2mkg3EDEl"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFXAwpGM0SmEQC7UyPb','faults',1795550171490,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',18561940146,'["0VbvFXAwbv3KTC9O0J2ZYT"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFXEBNw2R5DT7gx6dsJ','faults',1795550171691,'registrants.denied','faults-client','0VbvFVgas981ldfXmvnTTv',18561940146,'["0VbvFX9h9V53O2mkg3EDEl"]','{}');
INSERT INTO events VALUES('0VbvFXI5cWE0D2wlRlmuSD','faults',1795550171933,'meeting.created','faults-client','0VbvFVgas981ldfXmvnTTv',32601884711,'null','{}');
INSERT INTO events VALUES('0VbvFXOGvWjmArgielRMzH','faults',1795550172316,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',32601884711,'["0VbvFXOGTnmX6rl8o6gMYb"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFXPoF8mBdizNuJ4IPW','faults',1795550172412,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',32601884711,'["0VbvFXPocc24l8lGyfPOP5"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFXSO4hJli85xLWZLl4','faults',1795550172572,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',32601884711,'["0VbvFXSOyZS31Mkttz5imu"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFXTnriZ17vfzrv6AKj','faults',1795550172659,'registrants.denied','faults-client','0VbvFVgas981ldfXmvnTTv',32601884711,'["0VbvFXPocc24l8lGyfPOP5"]','{}');
INSERT INTO events VALUES('0VbvFXWdVUajUEZbOz3SlQ','faults',1795550172835,'meeting.created','faults-client','0VbvFVgas981ldfXmvnTTv',13850580363,'null','{}');
INSERT INTO events VALUES('0VbvFXbY9Ptu3q082VF10D','faults',1795550173140,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',13850580363,'["0VbvFXbYicWSgxYxuSMJm7"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFXcgJOR5mgAUsUp68T','faults',1795550173210,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',13850580363,'["0VbvFXcgPSN8rbdk1fpgGT"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFXeHTjUVAb1VKuxvzq','faults',1795550173309,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',13850580363,'["0VbvFXeHD2g4y8fAfO3ibK"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFXgi2pHiJH9FGJ82Oh','faults',1795550173460,'registrants.denied','faults-client','0VbvFVgas981ldfXmvnTTv',13850580363,'["0VbvFXcgPSN8rbdk1fpgGT"]','{}');
INSERT INTO events VALUES('0VbvFXkZqCurdjTnzwX2g5','faults',1795550173699,'registrants.cancelled','faults-client','0VbvFVgas981ldfXmvnTTv',13850580363,'["0VbvFXeHD2g4y8fAfO3ibK"]','{"occurrence_id":4076128800000}');
INSERT INTO events VALUES('0VbvFXlgHBfusnYB2XDJEC','faults',1795550173768,'meeting.deleted','faults-client','0VbvFVgas981ldfXmvnTTv',18561940146,'null','{"occurrence_id":4076388000000,"operation":"single"}');
INSERT INTO events VALUES('0VbvFXn3vsqIHU4tzXCAvw','faults',1795550173853,'meeting.created','faults-client','0VbvFVgas981ldfXmvnTTv',36667339966,'null','{}');
INSERT INTO events VALUES('0VbvFXr0BrMGUEcfgiAmgQ','faults',1795550174098,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',36667339966,'["0VbvFXr0byyobHI0kPtF62"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbvFXuRWqIhXBRmphdlRf','faults',1795550174311,'meeting.deleted','faults-client','0VbvFVgas981ldfXmvnTTv',36667339966,'null','{"operation":"all"}');
INSERT INTO events VALUES('0VbvFXvsDQ973QYCqXxDRX','faults',1795550174400,'meeting.created','faults-client','0VbvFVgas981ldfXmvnTTv',45184964446,'null','{}');
INSERT INTO events VALUES('0VbvFXzUhR9DNxl6V7oHop','faults',1795550174624,'registrants.added','faults-client','0VbvFVgas981ldfXmvnTTv',94205776611,'["0VbvFXzUIcjiRlIxltSOdI"]','{"auto_approve":false}');
CREATE TABLE daily_counts (
    account_id TEXT NOT NULL,
    day        BIGINT NOT NULL,
    subject    TEXT NOT NULL,
    n          BIGINT NOT NULL,
    PRIMARY KEY (account_id, day, subject)
);
CREATE TABLE idempotency (
    account_id  TEXT NOT NULL,
    app_id      TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    meeting_id  BIGINT NOT NULL,
    status      BIGINT NOT NULL,
    body        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (account_id, app_id, key)
);
INSERT INTO idempotency VALUES('faults','faults-client','old-key','8466a7aa8c4d78be3a2991e4d5e8546e3069662480da9ad14cda648e6c2520d8',94205776611,201,'{"id":94205776611,"registrant_id":"0VbvFXzUIcjiRlIxltSOdI","topic":"Open day","start_time":"2099-03-02T10:00:00Z","join_url":"https://muster.test/w/94205776611?tk=0VbvFXzUIcjiRlIxltSOdIfh2cVHoanFiS3IzC4zkPfw","participant_pin_code":765871,"occurrences":[]}',1795550174624);
CREATE TABLE jobs (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    account_id TEXT NOT NULL,
    subject    TEXT NOT NULL,
    data       TEXT NOT NULL,
    run_at     BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO jobs VALUES('periodic:purge','purge','','','',1795553765777,0,1795550165767);
INSERT INTO jobs VALUES('event:0VbvFVr3uvmpZzrnVBtICY','event','wg7iN0uncyd3iRyciqRV1K','0VbvFVr3uvmpZzrnVBtICY','',1795550166413,0,1795550166413);
INSERT INTO jobs VALUES('event:0VbvFVr3CgIbB6xzYn0otW','event','wg7iN0uncyd3iRyciqRV1K','0VbvFVr3CgIbB6xzYn0otW','',1795550166413,0,1795550166413);
INSERT INTO jobs VALUES('event:0VbvFVvHKevX9iBvCsShlO','event','faults','0VbvFVvHKevX9iBvCsShlO','',1795550166675,0,1795550166675);
CREATE TABLE integration_tags (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    tag        TEXT NOT NULL,
    PRIMARY KEY (meeting_id, tag)
);
CREATE TABLE invitees (
    meeting_id   BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    number       BIGINT NOT NULL,
    email        TEXT NOT NULL,
    email_key    TEXT NOT NULL,
    display_name TEXT NOT NULL,
    cohost       BOOLEAN NOT NULL,
    PRIMARY KEY (meeting_id, number),
    UNIQUE (meeting_id, email_key)
);
CREATE TABLE webhooks (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    app_id     TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL,
    name       TEXT NOT NULL,
    target_url TEXT NOT NULL,
    resource   TEXT NOT NULL,
    event      TEXT NOT NULL,
    filter     TEXT NOT NULL,
    secret     TEXT NOT NULL,
    of_account BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('users',4);
INSERT INTO sqlite_sequence VALUES('registrants',28);
CREATE INDEX accounts_parent ON accounts (parent_id);
CREATE INDEX apps_account ON apps (account_id);
CREATE INDEX tokens_expiry ON tokens (expires_at);
CREATE INDEX tokens_app ON tokens (app_id);
CREATE INDEX meetings_host ON meetings (account_id, host_id, start_at, id);
CREATE INDEX meetings_deleted ON meetings (deleted_at);
CREATE INDEX registrants_status ON registrants (meeting_id, status);
CREATE INDEX events_account ON events (account_id, at);
CREATE INDEX idempotency_meeting ON idempotency (meeting_id);
CREATE INDEX idempotency_age ON idempotency (created_at);
CREATE INDEX jobs_due ON jobs (kind, run_at);
CREATE INDEX webhooks_app ON webhooks (account_id, app_id, created_at, id);
COMMIT;
