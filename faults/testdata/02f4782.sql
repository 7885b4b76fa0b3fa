PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_version (version BIGINT NOT NULL);
INSERT INTO schema_version VALUES(1);
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);
INSERT INTO secrets VALUES('keys',X'66537a45636b577147473859353853737344663155676b4557634131476844714a6f7a4761316b686f5141');
CREATE TABLE accounts (
    id         TEXT PRIMARY KEY,
    parent_id  TEXT NOT NULL,
    name       TEXT NOT NULL,
    owner_id   TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO accounts VALUES('faults','','Muster','0VbtPkCOLtJC69A5Cn3Xrf',1795523052160);
INSERT INTO accounts VALUES('fBBaixJcgnzE6mfJGehrXO','faults','Branch','0VbtPkFGzJ6FtuQXjBEbu7',1795523052338);
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
INSERT INTO users VALUES(1,'0VbtPkCOLtJC69A5Cn3Xrf','faults','owner@example.com','owner@example.com','Account','Owner','Account Owner',2,'active','0','create',4056112570,'UTC',1795523052160,1795523052160);
INSERT INTO users VALUES(2,'0VbtPkFGzJ6FtuQXjBEbu7','fBBaixJcgnzE6mfJGehrXO','branch@example.org','branch@example.org','Account','Owner','Account Owner',2,'active','0','create',8628299469,'UTC',1795523052338,1795523052338);
INSERT INTO users VALUES(3,'0VbtPkFhRhbH2bxBGKaswH','faults','jo@example.com','jo@example.com','jo','Host','jo Host',2,'active','2','create',7620899867,'UTC',1795523052365,1795523052365);
INSERT INTO users VALUES(4,'0VbtPkGGmxMv7kSKEzHQKw','faults','kim@example.com','kim@example.com','kim','Host','kim Host',2,'active','2','create',4843371219,'UTC',1795523052400,1795523052400);
CREATE TABLE apps (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    secret     TEXT NOT NULL,
    scopes     TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO apps VALUES('faults-client','faults','first app','pbkdf2-sha256-10000:FXwpyTUby15N2MrZ:92869c6bf3a764d7e4b87faab3070be5460de9539e12c20a02001c699fa54225','',1795523052160);
INSERT INTO apps VALUES('GPmvlDmbbKgFj3TN7UfqJ0','fBBaixJcgnzE6mfJGehrXO','first app','pbkdf2-sha256-10000:knggOfQYzgFinYW4:dd980ed92e5ba44d149fa5417170369661fe0a875f8d9e7ab66556c2dbc4f832','',1795523052338);
INSERT INTO apps VALUES('W51yYiaStRGLwBMN9LFQpt','faults','moodle','pbkdf2-sha256-10000:cmPugZmNcpA9mMFl:52378281b3431ba540018217e6cf884c7a4e288caadfc5b2f2c8d8e61b9f3b64','meeting:read:admin',1795523052351);
CREATE TABLE tokens (
    hash       BYTEA PRIMARY KEY,
    app_id     TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO tokens VALUES(X'05d9f56069a2c17e2207ae19b59c5c6c6d00718fc540cd5e0c8595b4573d63c7','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',1795526652325);
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
);
INSERT INTO meetings VALUES(35273410235,'ZHf/2TPGoRqsRuv4GleqwA==','faults','0VbtPkCOLtJC69A5Cn3Xrf','',2,'Open day','',4076128800000,4076131500000,45,'Europe/Berlin','null','ByEIk4',0,'waiting','',0,1,0,'null','{"approval_type":0}','{}','null',1795523052439,1795523052439,0);
INSERT INTO meetings VALUES(14625003638,'aeBT+2ecg69g2HstTkH9Iw==','faults','0VbtPkCOLtJC69A5Cn3Xrf','',2,'Open day','',4076128800000,4076131500000,45,'Europe/Berlin','null','Zqk77C',0,'waiting','',1,1,0,'null','{"approval_type":1}','{"standard":[{"field":"org"}],"custom":[{"title":"Lunch?","type":"short"}]}','null',1795523052484,1795523053308,0);
INSERT INTO meetings VALUES(45807086573,'Lh/+afaeW+cTipVdqp7v0w==','faults','0VbtPkCOLtJC69A5Cn3Xrf','',8,'Open day','',4076128800000,4076304300000,45,'Europe/Berlin','{"type":1,"monthly_week_day":-1,"end_times":4}','ZAxmQK',0,'waiting','',0,1,0,'null','{"approval_type":0,"registration_type":1}','{}','null',1795523053327,1795523053865,0);
INSERT INTO meetings VALUES(55412928289,'8qBA48LkGnQ0jvzmWbb7QQ==','faults','0VbtPkCOLtJC69A5Cn3Xrf','',8,'Open day','',4076128800000,4076390700000,45,'Europe/Berlin','{"type":1,"monthly_week_day":-1,"end_times":4}','w74DGl',0,'waiting','',0,2,0,'null','{"approval_type":0,"registration_type":2}','{}','null',1795523053422,1795523053422,0);
INSERT INTO meetings VALUES(12863233763,'zTVWdJd//JnZn1ktcU+aDg==','faults','0VbtPkCOLtJC69A5Cn3Xrf','',8,'Open day','',4076128800000,4076390700000,45,'Europe/Berlin','{"type":1,"monthly_week_day":-1,"end_times":4}','ymaLKc',0,'waiting','',0,3,0,'null','{"approval_type":0,"registration_type":3}','{}','null',1795523053557,1795523053557,0);
INSERT INTO meetings VALUES(53274432445,'f0KC0BvdnZWvpRU36l2Lig==','faults','0VbtPkCOLtJC69A5Cn3Xrf','',2,'Open day','',4076128800000,4076131500000,45,'Europe/Berlin','null','T5Dglw',0,'deleted','waiting',0,1,0,'null','{"approval_type":0}','{}','null',1795523053907,1795523053969,1795523053969);
INSERT INTO meetings VALUES(27550760556,'SiDziY11TBi+umTROQIO9A==','faults','0VbtPkCOLtJC69A5Cn3Xrf','',3,'Open day','',0,0,45,'Europe/Berlin','null','arRU8N',0,'waiting','',2,1,0,'null','{"approval_type":2}','{}','null',1795523054000,1795523054000,0);
CREATE TABLE occurrences (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    id         BIGINT NOT NULL,
    start_at   BIGINT NOT NULL,
    minutes    BIGINT NOT NULL,
    deleted    BOOLEAN NOT NULL,
    changes    TEXT NOT NULL,
    PRIMARY KEY (meeting_id, id)
);
INSERT INTO occurrences VALUES(55412928289,4076128800000,4076128800000,45,0,'{}');
INSERT INTO occurrences VALUES(55412928289,4076215200000,4076215200000,45,0,'{}');
INSERT INTO occurrences VALUES(55412928289,4076301600000,4076301600000,45,0,'{}');
INSERT INTO occurrences VALUES(55412928289,4076388000000,4076388000000,45,0,'{}');
INSERT INTO occurrences VALUES(12863233763,4076128800000,4076128800000,45,0,'{}');
INSERT INTO occurrences VALUES(12863233763,4076215200000,4076215200000,45,0,'{}');
INSERT INTO occurrences VALUES(12863233763,4076301600000,4076301600000,45,0,'{}');
INSERT INTO occurrences VALUES(12863233763,4076388000000,4076388000000,45,0,'{}');
INSERT INTO occurrences VALUES(45807086573,4076128800000,4076128800000,45,0,'{}');
INSERT INTO occurrences VALUES(45807086573,4076215200000,4076215200000,45,0,'{}');
INSERT INTO occurrences VALUES(45807086573,4076301600000,4076301600000,45,0,'{}');
INSERT INTO occurrences VALUES(45807086573,4076388000000,4076388000000,45,1,'{}');
CREATE TABLE registrants (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL,
    meeting_id   BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    slot         BIGINT NOT NULL,
    email_key    TEXT NOT NULL,
    status       TEXT NOT NULL,
    person       TEXT NOT NULL,
    link_version BIGINT NOT NULL,
    pin          BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    UNIQUE (meeting_id, id),
    UNIQUE (meeting_id, slot, email_key)
);
INSERT INTO registrants VALUES(1,'0VbtPkImlmaVSgq0X5ixRd',35273410235,0,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,545522,1795523052556,1795523052556);
INSERT INTO registrants VALUES(2,'0VbtPkIzhuHa4XwzeJNUYV',35273410235,0,'bob@example.com','denied','{"email":"bob@example.com","first_name":"bob","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,314244,1795523052569,1795523052725);
INSERT INTO registrants VALUES(3,'0VbtPkJE1Z893udGSCxbRR',35273410235,0,'cem@example.com','cancelled','{"email":"cem@example.com","first_name":"cem","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,546379,1795523052584,1795523052746);
INSERT INTO registrants VALUES(4,'0VbtPkJYCMnUzdYwpQ1Zeh',35273410235,0,'dee@example.com','approved','{"email":"dee@example.com","first_name":"dee","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,839087,1795523052604,1795523052604);
INSERT INTO registrants VALUES(5,'0VbtPkK7RUTcoTZC5LnYQP',35273410235,0,'eve@example.com','approved','{"email":"eve@example.com","first_name":"eve","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,595515,1795523052639,1795523052639);
INSERT INTO registrants VALUES(6,'0VbtPkKhKiQAgQepJVJyAt',35273410235,0,'fay@example.com','approved','{"email":"fay@example.com","first_name":"fay","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,578404,1795523052675,1795523052675);
INSERT INTO registrants VALUES(8,'0VbtPkNy6jvBotMw0tdKEh',14625003638,0,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,627109,1795523052878,1795523053191);
INSERT INTO registrants VALUES(9,'0VbtPkOc7mmjD0A9tC6L5J',14625003638,0,'bob@example.com','denied','{"email":"bob@example.com","first_name":"bob","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,229527,1795523052918,1795523053238);
INSERT INTO registrants VALUES(10,'0VbtPkPoi7aTYR8u58NAHS',14625003638,0,'cem@example.com','cancelled','{"email":"cem@example.com","first_name":"cem","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,438174,1795523052992,1795523053258);
INSERT INTO registrants VALUES(11,'0VbtPkQiJ1Xak46cMpZjmg',14625003638,0,'dee@example.com','pending','{"email":"dee@example.com","first_name":"dee","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,242609,1795523053048,1795523053048);
INSERT INTO registrants VALUES(12,'0VbtPkRogNHeaK22SB2IXF',14625003638,0,'eve@example.com','pending','{"email":"eve@example.com","first_name":"eve","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,617657,1795523053116,1795523053116);
INSERT INTO registrants VALUES(13,'0VbtPkSNsx5Npd90EyVb7g',14625003638,0,'fay@example.com','pending','{"email":"fay@example.com","first_name":"fay","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,454036,1795523053151,1795523053151);
INSERT INTO registrants VALUES(15,'0VbtPkUlYSSPJVQBla46FR',35273410235,0,'gil@example.com','approved','{"email":"gil@example.com","first_name":"Gil"}',0,396149,1795523053299,1795523053299);
INSERT INTO registrants VALUES(16,'0VbtPkUlj8LEuag6RPhM2H',35273410235,0,'hal@example.com','approved','{"email":"hal@example.com"}',0,726960,1795523053299,1795523053299);
INSERT INTO registrants VALUES(17,'0VbtPkV3CH9g5zgdZFot1X',14625003638,0,'ida@example.com','pending','{"email":"ida@example.com","first_name":"Ida","custom_questions":[{"title":"Lunch?","value":"Ünïcode, please 🍲"}]}',0,245247,1795523053317,1795523053317);
INSERT INTO registrants VALUES(18,'0VbtPkVY5i1gr7Xfa5Y8Ye',45807086573,0,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann"}',0,846032,1795523053348,1795523053348);
INSERT INTO registrants VALUES(19,'0VbtPkVsr1XOueHRqn2kqC',45807086573,0,'bob@example.com','denied','{"email":"bob@example.com","first_name":"bob"}',0,973701,1795523053368,1795523053404);
INSERT INTO registrants VALUES(20,'0VbtPkWCHovdOd23wZbtgy',45807086573,0,'cem@example.com','approved','{"email":"cem@example.com","first_name":"cem"}',0,787073,1795523053388,1795523053388);
INSERT INTO registrants VALUES(21,'0VbtPkXQsWkfix9NEXynbc',55412928289,4076128800000,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann"}',0,334185,1795523053464,1795523053464);
INSERT INTO registrants VALUES(22,'0VbtPkXeTS3pmS26ahJhdW',55412928289,4076128800000,'bob@example.com','denied','{"email":"bob@example.com","first_name":"bob"}',0,681008,1795523053478,1795523053528);
INSERT INTO registrants VALUES(23,'0VbtPkXwjLA2XZncuZyMSX',55412928289,4076128800000,'cem@example.com','approved','{"email":"cem@example.com","first_name":"cem"}',0,750627,1795523053496,1795523053496);
INSERT INTO registrants VALUES(24,'0VbtPkZojs8Q7XYgkMfIln',12863233763,0,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann"}',0,707454,1795523053612,1795523053612);
INSERT INTO registrants VALUES(25,'0VbtPkaKWOCmDnmmHIgmpa',12863233763,0,'bob@example.com','denied','{"email":"bob@example.com","first_name":"bob"}',0,619954,1795523053644,1795523053815);
INSERT INTO registrants VALUES(26,'0VbtPkb7ePQRrE7sgF3rXC',12863233763,0,'cem@example.com','approved','{"email":"cem@example.com","first_name":"cem"}',0,226174,1795523053693,1795523053837);
INSERT INTO registrants VALUES(27,'0VbtPkfHxde7MMOTdm70Ov',53274432445,0,'ann@example.com','approved','{"email":"ann@example.com","first_name":"ann","last_name":"Lee","zip":"53111","org":"Example Ltd"}',0,887666,1795523053951,1795523053951);
INSERT INTO registrants VALUES(28,'0VbtPkgf9q5B4ctcHaf39U',35273410235,0,'jan@example.com','approved','{"email":"jan@example.com","first_name":"Jan"}',0,353176,1795523054037,1795523054037);
CREATE TABLE choices (
    meeting_id    BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    registrant_id TEXT NOT NULL,
    occurrence_id BIGINT NOT NULL,
    status        TEXT NOT NULL,
    PRIMARY KEY (meeting_id, registrant_id, occurrence_id),
    FOREIGN KEY (meeting_id, registrant_id) REFERENCES registrants (meeting_id, id) ON DELETE CASCADE
);
INSERT INTO choices VALUES(12863233763,'0VbtPkZojs8Q7XYgkMfIln',4076128800000,'approved');
INSERT INTO choices VALUES(12863233763,'0VbtPkZojs8Q7XYgkMfIln',4076215200000,'approved');
INSERT INTO choices VALUES(12863233763,'0VbtPkZojs8Q7XYgkMfIln',4076301600000,'approved');
INSERT INTO choices VALUES(12863233763,'0VbtPkZojs8Q7XYgkMfIln',4076388000000,'approved');
INSERT INTO choices VALUES(12863233763,'0VbtPkaKWOCmDnmmHIgmpa',4076128800000,'denied');
INSERT INTO choices VALUES(12863233763,'0VbtPkaKWOCmDnmmHIgmpa',4076215200000,'denied');
INSERT INTO choices VALUES(12863233763,'0VbtPkaKWOCmDnmmHIgmpa',4076301600000,'denied');
INSERT INTO choices VALUES(12863233763,'0VbtPkaKWOCmDnmmHIgmpa',4076388000000,'denied');
INSERT INTO choices VALUES(12863233763,'0VbtPkb7ePQRrE7sgF3rXC',4076128800000,'cancelled');
INSERT INTO choices VALUES(12863233763,'0VbtPkb7ePQRrE7sgF3rXC',4076215200000,'approved');
INSERT INTO choices VALUES(12863233763,'0VbtPkb7ePQRrE7sgF3rXC',4076301600000,'approved');
INSERT INTO choices VALUES(12863233763,'0VbtPkb7ePQRrE7sgF3rXC',4076388000000,'approved');
CREATE TABLE tallies (
    meeting_id    BIGINT NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    occurrence_id BIGINT NOT NULL,
    pending       BIGINT NOT NULL,
    approved      BIGINT NOT NULL,
    denied        BIGINT NOT NULL,
    cancelled     BIGINT NOT NULL,
    waitlisted    BIGINT NOT NULL,
    made          BIGINT NOT NULL,
    PRIMARY KEY (meeting_id, occurrence_id)
);
INSERT INTO tallies VALUES(35273410235,0,0,7,1,1,0,10);
INSERT INTO tallies VALUES(14625003638,0,4,1,1,1,0,8);
INSERT INTO tallies VALUES(45807086573,0,0,2,1,0,0,3);
INSERT INTO tallies VALUES(55412928289,0,0,2,1,0,0,3);
INSERT INTO tallies VALUES(55412928289,4076128800000,0,2,1,0,0,0);
INSERT INTO tallies VALUES(12863233763,0,0,2,1,0,0,3);
INSERT INTO tallies VALUES(12863233763,4076128800000,0,1,1,1,0,0);
INSERT INTO tallies VALUES(12863233763,4076215200000,0,2,1,0,0,0);
INSERT INTO tallies VALUES(12863233763,4076301600000,0,2,1,0,0,0);
INSERT INTO tallies VALUES(12863233763,4076388000000,0,2,1,0,0,0);
INSERT INTO tallies VALUES(53274432445,0,0,1,0,0,0,1);
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
INSERT INTO events VALUES('0VbtPkCOaZl5iLpzAE4NmY','faults',1795523052160,'account.created','','',0,'["faults","0VbtPkCOLtJC69A5Cn3Xrf"]','{}');
INSERT INTO events VALUES('0VbtPkCOzyM2SJ8LwzZGKU','faults',1795523052160,'app.added','','',0,'["faults-client"]','{}');
INSERT INTO events VALUES('0VbtPkFGW02XxNBCzCl3Uv','fBBaixJcgnzE6mfJGehrXO',1795523052338,'account.created','','',0,'["fBBaixJcgnzE6mfJGehrXO","0VbtPkFGzJ6FtuQXjBEbu7"]','{}');
INSERT INTO events VALUES('0VbtPkFG1TIRMSnrEThiGa','fBBaixJcgnzE6mfJGehrXO',1795523052338,'app.added','','',0,'["GPmvlDmbbKgFj3TN7UfqJ0"]','{}');
INSERT INTO events VALUES('0VbtPkFT0GthaRgqz3j5nR','faults',1795523052351,'app.added','','',0,'["W51yYiaStRGLwBMN9LFQpt"]','{}');
INSERT INTO events VALUES('0VbtPkFhqG2ibsJdYXjwMf','faults',1795523052365,'user.created','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',0,'["0VbtPkFhRhbH2bxBGKaswH"]','{"action":"create"}');
INSERT INTO events VALUES('0VbtPkGGtBDEcp3yWsOWkI','faults',1795523052400,'user.created','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',0,'["0VbtPkGGmxMv7kSKEzHQKw"]','{"action":"create"}');
INSERT INTO events VALUES('0VbtPkGtrkEbKqMycscpMi','faults',1795523052439,'meeting.created','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'null','{}');
INSERT INTO events VALUES('0VbtPkHcJ0UurxlKwKqRw8','faults',1795523052484,'meeting.created','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'null','{}');
INSERT INTO events VALUES('0VbtPkImF43qslTtztIit4','faults',1795523052556,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkImlmaVSgq0X5ixRd"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkIzIK5QeVJKIPM21U','faults',1795523052569,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkIzhuHa4XwzeJNUYV"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkJEcWgCKf2z1iD2y1','faults',1795523052584,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkJE1Z893udGSCxbRR"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkJYw4uUt4xA3dp1Nm','faults',1795523052604,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkJYCMnUzdYwpQ1Zeh"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkK7Tbld7uVKHvAKyJ','faults',1795523052639,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkK7RUTcoTZC5LnYQP"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkKhy5d40xQgTVpM9V','faults',1795523052675,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkKhKiQAgQepJVJyAt"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkLV77Pg0QVr8SnYQw','faults',1795523052725,'registrants.denied','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkIzhuHa4XwzeJNUYV"]','{}');
INSERT INTO events VALUES('0VbtPkLqGCa4uolzszL0fN','faults',1795523052746,'registrants.cancelled','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkJE1Z893udGSCxbRR"]','{}');
INSERT INTO events VALUES('0VbtPkMsCcKAJQqCnbezfW','faults',1795523052810,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkMsNPv6OLdCh3v0A7"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkNKpOdGT1lssIVBkU','faults',1795523052838,'registrant.deleted','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkMsNPv6OLdCh3v0A7"]','{}');
INSERT INTO events VALUES('0VbtPkNyWF4lXEel5tuXJ0','faults',1795523052878,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkNy6jvBotMw0tdKEh"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkOcwDg56uB31Oy3Nb','faults',1795523052918,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkOc7mmjD0A9tC6L5J"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkPoFp9695O9tV244B','faults',1795523052992,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkPoi7aTYR8u58NAHS"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkQi6yFYK55ARIxxNp','faults',1795523053048,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkQiJ1Xak46cMpZjmg"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkRoL2ssaKg8Ov8eYD','faults',1795523053116,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkRogNHeaK22SB2IXF"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkSNmElANadJEL8VpB','faults',1795523053151,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkSNsx5Npd90EyVb7g"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkT1EvKrJWmTCQ0d3D','faults',1795523053191,'registrants.approved','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkNy6jvBotMw0tdKEh"]','{}');
INSERT INTO events VALUES('0VbtPkTmlo1iRlGCyyXatk','faults',1795523053238,'registrants.denied','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkOc7mmjD0A9tC6L5J"]','{}');
INSERT INTO events VALUES('0VbtPkU6tBQQuOq7Hv7c7f','faults',1795523053258,'registrants.cancelled','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkPoi7aTYR8u58NAHS"]','{}');
INSERT INTO events VALUES('0VbtPkURuQX8oTh8t2qFER','faults',1795523053279,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkURGa7dFIKWlqpK9w"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkUbsefMX50ZXCZjPb','faults',1795523053289,'registrant.deleted','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkURGa7dFIKWlqpK9w"]','{}');
INSERT INTO events VALUES('0VbtPkUleWoWqRWIXHqj9k','faults',1795523053299,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkUlYSSPJVQBla46FR","0VbtPkUlj8LEuag6RPhM2H"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkUuiW55lHbeVkDxvR','faults',1795523053308,'questions.changed','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'null','{}');
INSERT INTO events VALUES('0VbtPkV3ZaA62f8s1PpinM','faults',1795523053317,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',14625003638,'["0VbtPkV3CH9g5zgdZFot1X"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkVDSnSSRmAAMSGL7a','faults',1795523053327,'meeting.created','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',45807086573,'null','{}');
INSERT INTO events VALUES('0VbtPkVYmioOYdZH1Mincw','faults',1795523053348,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',45807086573,'["0VbtPkVY5i1gr7Xfa5Y8Ye"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkVsFbxwz989mHaku9','faults',1795523053368,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',45807086573,'["0VbtPkVsr1XOueHRqn2kqC"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkWCq7YEcX5mmfJL4X','faults',1795523053388,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',45807086573,'["0VbtPkWCHovdOd23wZbtgy"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkWSNtJ7wTf2MYa0QG','faults',1795523053404,'registrants.denied','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',45807086573,'["0VbtPkVsr1XOueHRqn2kqC"]','{}');
INSERT INTO events VALUES('0VbtPkWkJTDEfbChyrXPaZ','faults',1795523053422,'meeting.created','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',55412928289,'null','{}');
INSERT INTO events VALUES('0VbtPkXQbbJleJTcADAE9s','faults',1795523053464,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',55412928289,'["0VbtPkXQsWkfix9NEXynbc"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkXe2hp1DRvoWiUoTk','faults',1795523053478,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',55412928289,'["0VbtPkXeTS3pmS26ahJhdW"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkXweZyYXx5X0gXmr0','faults',1795523053496,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',55412928289,'["0VbtPkXwjLA2XZncuZyMSX"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkYSrTWP1aWZZh76nT','faults',1795523053528,'registrants.denied','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',55412928289,'["0VbtPkXeTS3pmS26ahJhdW"]','{}');
INSERT INTO events VALUES('0VbtPkYvjJK8UzTgTIOH00','faults',1795523053557,'meeting.created','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',12863233763,'null','{}');
INSERT INTO events VALUES('0VbtPkZot89gF3VgJGUpLM','faults',1795523053612,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',12863233763,'["0VbtPkZojs8Q7XYgkMfIln"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkaKxhfNGq7kaqRVcT','faults',1795523053644,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',12863233763,'["0VbtPkaKWOCmDnmmHIgmpa"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkb7DPfhhPjjNCvtAO','faults',1795523053693,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',12863233763,'["0VbtPkb7ePQRrE7sgF3rXC"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkd5vrV7J9Hb2PSSHN','faults',1795523053815,'registrants.denied','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',12863233763,'["0VbtPkaKWOCmDnmmHIgmpa"]','{}');
INSERT INTO events VALUES('0VbtPkdRuHWVNxHcbfKvLM','faults',1795523053837,'registrants.cancelled','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',12863233763,'["0VbtPkb7ePQRrE7sgF3rXC"]','{"occurrence_id":4076128800000}');
INSERT INTO events VALUES('0VbtPkdtDtqnPd4rUUTLhp','faults',1795523053865,'meeting.deleted','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',45807086573,'null','{"occurrence_id":4076388000000,"operation":"single"}');
INSERT INTO events VALUES('0VbtPkeZsKhfWGD2gHUXCS','faults',1795523053907,'meeting.created','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',53274432445,'null','{}');
INSERT INTO events VALUES('0VbtPkfHZkukW1plEpMt0l','faults',1795523053951,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',53274432445,'["0VbtPkfHxde7MMOTdm70Ov"]','{"auto_approve":false}');
INSERT INTO events VALUES('0VbtPkfZh8PVHqWdZGLrEO','faults',1795523053969,'meeting.deleted','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',53274432445,'null','{"operation":"all"}');
INSERT INTO events VALUES('0VbtPkg4Hsoe1pYat8rnNP','faults',1795523054000,'meeting.created','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',27550760556,'null','{}');
INSERT INTO events VALUES('0VbtPkgfbwW3JlHnceAGrO','faults',1795523054037,'registrants.added','faults-client','0VbtPkCOLtJC69A5Cn3Xrf',35273410235,'["0VbtPkgf9q5B4ctcHaf39U"]','{"auto_approve":false}');
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
INSERT INTO idempotency VALUES('faults','faults-client','old-key','baafa276508e5e853d900efb17d6c9c9fce9968cf39db7b1bfe95dfcb83b211c',35273410235,201,'{"id":35273410235,"registrant_id":"0VbtPkgf9q5B4ctcHaf39U","topic":"Open day","start_time":"2099-03-02T10:00:00Z","join_url":"https://muster.test/w/35273410235?tk=0VbtPkgf9q5B4ctcHaf39UYdnYC0OxGVUoS9W9Q3nzNg","participant_pin_code":353176,"occurrences":[]}',1795523054037);
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
COMMIT;
