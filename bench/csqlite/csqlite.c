/*
 * csqlite measures SQLite by itself, in C: what no program around it can beat.
 *
 *   csqlite insert SOURCE TARGET FILL ROWS SECONDS WARM PRAGMAS
 *     makes the database TARGET, unless it is there from an earlier call, with
 *     the schema of the Muster database SOURCE and inserts SOURCE's registrants
 *     into it over and over, each with an id and an email of its own, ROWS in
 *     a transaction, one statement for each. It measures once FILL are there.
 *
 *   csqlite query DATABASE SECONDS WARM PRAGMAS SQL PARAMETER...
 *     runs SQL over and over and reads every column of every row.
 *
 * PRAGMAS is SQL that every connection begins with. What is done in the first
 * WARM seconds is not counted. It prints one line of JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "sqlite3-binding.h"

enum { MOST_ROWS = 3000, MOST_COLUMNS = 64, STAMP = 10, ID_TIME = 8, ID_RANDOM = 14 };

static sqlite3 *db;

static void fail(const char *doing)
{
	fprintf(stderr, "csqlite: %s: %s\n", doing, db ? sqlite3_errmsg(db) : "no database");
	exit(1);
}

static void run(const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail(sql);
}

static sqlite3_stmt *prepare(const char *sql)
{
	sqlite3_stmt *s;
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK)
		fail(sql);
	return s;
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static double cpu(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return u.ru_utime.tv_sec + u.ru_utime.tv_usec / 1e6 + u.ru_stime.tv_sec + u.ru_stime.tv_usec / 1e6;
}

/* A measurement counts what is done after its warm-up, and how long each step takes. */
static struct {
	double begin, cpu_begin, last;
	double *steps;
	long n, room, units;
} m;

static void begin_measuring(void)
{
	m.n = m.units = 0;
	m.cpu_begin = cpu();
	m.begin = m.last = now();
}

static void step_done(long units)
{
	double t = now();
	if (m.n == m.room) {
		m.room = m.room ? 2 * m.room : 1 << 16;
		m.steps = realloc(m.steps, m.room * sizeof *m.steps);
		if (!m.steps)
			fail("out of memory");
	}
	m.steps[m.n++] = t - m.last;
	m.units += units;
	m.last = t;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void print_measurement(void)
{
	double seconds = m.last - m.begin, used = cpu() - m.cpu_begin;
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	qsort(m.steps, m.n, sizeof *m.steps, ascending);
	printf("{\"units\":%ld,\"seconds\":%.6f,\"cpu\":%.6f,\"p50\":%.9f,\"p99\":%.9f,\"rss_kib\":%ld}\n", m.units, seconds, used,
	       m.n ? m.steps[m.n / 2] : 0, m.n ? m.steps[m.n * 99 / 100] : 0, u.ru_maxrss);
}

/* each calls f with the first column of each row of a query, read beforehand. */
static void each(const char *sql, void (*f)(const char *))
{
	char *list[256];
	int n = 0;
	sqlite3_stmt *s = prepare(sql);
	while (sqlite3_step(s) == SQLITE_ROW && n < 256)
		list[n++] = sqlite3_mprintf("%s", sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	for (int i = 0; i < n; i++) {
		f(list[i]);
		sqlite3_free(list[i]);
	}
}

/* copy_parents copies the rows that table refers to, so that foreign keys hold. */
static void copy_parents(const char *table);

static void copy_table(const char *table)
{
	copy_parents(table);
	char *sql = sqlite3_mprintf("INSERT OR IGNORE INTO main.\"%w\" SELECT * FROM source.\"%w\"", table, table);
	run(sql);
	sqlite3_free(sql);
}

static void copy_parents(const char *table)
{
	char *sql = sqlite3_mprintf("SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(%Q)", table);
	each(sql, copy_table);
	sqlite3_free(sql);
}

/* The rows to insert, as the source has them. */
static sqlite3_value *rows[MOST_ROWS][MOST_COLUMNS];
static int row_count, column_count, id_column = -1, email_column = -1;
static char names[4096], marks[2 * MOST_COLUMNS];

static void load_rows(void)
{
	sqlite3_stmt *s = prepare("SELECT name FROM pragma_table_info('registrants') WHERE name <> 'seq' ORDER BY cid");
	while (sqlite3_step(s) == SQLITE_ROW && column_count < MOST_COLUMNS) {
		const char *name = (const char *)sqlite3_column_text(s, 0);
		if (!strcmp(name, "id"))
			id_column = column_count;
		if (!strcmp(name, "email_key"))
			email_column = column_count;
		if (column_count++)
			strcat(names, ","), strcat(marks, ",");
		strncat(names, name, sizeof names - strlen(names) - 2), strcat(marks, "?");
	}
	sqlite3_finalize(s);
	if (id_column < 0 || email_column < 0)
		fail("registrants has no column id or email_key");
	char *sql = sqlite3_mprintf("SELECT %s FROM source.registrants LIMIT %d", names, MOST_ROWS);
	s = prepare(sql);
	sqlite3_free(sql);
	for (; sqlite3_step(s) == SQLITE_ROW; row_count++)
		for (int c = 0; c < column_count; c++)
			rows[row_count][c] = sqlite3_value_dup(sqlite3_column_value(s, c));
	sqlite3_finalize(s);
	if (!row_count)
		fail("the source has no registrants");
}

/* stamp spells a number as people.Stamp does. */
static void stamp(char *to, unsigned long long n)
{
	n *= 0x9E3779B97F4A7C15ULL;
	for (int i = 0; i < STAMP; i++, n >>= 5)
		to[i] = "0123456789abcdefghijklmnopqrstuv"[n & 31];
}

/* new_id makes an id as Muster does: the time, then what is random. */
static void new_id(char *to)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	static unsigned long long x = 88172645463325252ULL;
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	unsigned long long ms = t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
	for (int i = ID_TIME - 1; i >= 0; i--, ms /= 62)
		to[i] = letters[ms % 62];
	for (int i = 0; i < ID_RANDOM; i++) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		to[ID_TIME + i] = letters[(x >> 11) % 62];
	}
}

static void insert_one(sqlite3_stmt *s, unsigned long long n)
{
	sqlite3_value **row = rows[n % row_count];
	char id[ID_TIME + ID_RANDOM], email[512];
	for (int c = 0; c < column_count; c++)
		if (c != id_column && c != email_column)
			sqlite3_bind_value(s, c + 1, row[c]);
	new_id(id);
	sqlite3_bind_text(s, id_column + 1, id, sizeof id, SQLITE_STATIC);
	int length = sqlite3_value_bytes(row[email_column]);
	if (length > (int)sizeof email)
		length = sizeof email;
	memcpy(email, sqlite3_value_text(row[email_column]), length);
	stamp(email, n);
	sqlite3_bind_text(s, email_column + 1, email, length, SQLITE_STATIC);
	if (sqlite3_step(s) != SQLITE_DONE)
		fail("insert");
	sqlite3_reset(s);
}

static long long number(const char *sql)
{
	sqlite3_stmt *s = prepare(sql);
	if (sqlite3_step(s) != SQLITE_ROW)
		fail(sql);
	long long n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return n;
}

/* make_target makes an empty copy of the attached source, but for the rows that registrants refer to. */
static void make_target(void)
{
	each("SELECT sql FROM source.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'index', rowid", run);
	copy_parents("registrants");
}

static void insert(const char *source, const char *target, long long fill, int per_transaction, double seconds, double warm, const char *pragmas)
{
	if (sqlite3_open(target, &db) != SQLITE_OK)
		fail(target);
	run(pragmas);
	char *sql = sqlite3_mprintf("ATTACH %Q AS source", source);
	run(sql);
	sqlite3_free(sql);
	if (!number("SELECT COUNT(*) FROM main.sqlite_master WHERE name = 'registrants'"))
		make_target();
	load_rows();
	run("DETACH source");
	sql = sqlite3_mprintf("INSERT INTO registrants (%s) VALUES (%s)", names, marks);
	sqlite3_stmt *s = prepare(sql), *begin = prepare("BEGIN IMMEDIATE"), *commit = prepare("COMMIT");
	sqlite3_free(sql);
	long long there = number("SELECT COALESCE(MAX(seq), 0) FROM registrants");
	double start = now();
	int warming = 1;
	begin_measuring();
	while (there < fill || now() < start + warm + seconds) {
		if (there < fill) {
			start = now();
		} else if (warming && now() > start + warm) {
			warming = 0;
			begin_measuring();
		}
		if (sqlite3_step(begin) != SQLITE_DONE)
			fail("begin");
		sqlite3_reset(begin);
		for (int i = 0; i < per_transaction; i++)
			insert_one(s, (1ULL << 40) + there++); /* numbers that the source does not have */
		if (sqlite3_step(commit) != SQLITE_DONE)
			fail("commit");
		sqlite3_reset(commit);
		step_done(per_transaction);
	}
	print_measurement();
}

static long long read_all(sqlite3_stmt *s)
{
	long long sum = 0;
	int columns = sqlite3_column_count(s), rc;
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		for (int c = 0; c < columns; c++) {
			if (sqlite3_column_type(s, c) == SQLITE_INTEGER)
				sum += sqlite3_column_int64(s, c);
			else if (sqlite3_column_text(s, c))
				sum += sqlite3_column_bytes(s, c);
		}
	if (rc != SQLITE_DONE)
		fail("query");
	sqlite3_reset(s);
	return sum;
}

static void query(const char *file, double seconds, double warm, const char *pragmas, const char *sql, char **params, int count)
{
	if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		fail(file);
	run(pragmas);
	run("PRAGMA query_only=1");
	sqlite3_stmt *s = prepare(sql);
	for (int i = 0; i < count; i++) {
		char *end;
		long long v = strtoll(params[i], &end, 10);
		if (*params[i] && !*end)
			sqlite3_bind_int64(s, i + 1, v);
		else
			sqlite3_bind_text(s, i + 1, params[i], -1, SQLITE_STATIC);
	}
	double start = now();
	long long sum = 0;
	int warming = 1;
	begin_measuring();
	while (now() < start + warm + seconds) {
		if (warming && now() > start + warm) {
			warming = 0;
			begin_measuring();
		}
		sum += read_all(s);
		step_done(1);
	}
	if (!sum)
		fail("the query gave nothing");
	print_measurement();
}

int main(int argc, char **argv)
{
	if (argc == 9 && !strcmp(argv[1], "insert"))
		insert(argv[2], argv[3], atoll(argv[4]), atoi(argv[5]), atof(argv[6]), atof(argv[7]), argv[8]);
	else if (argc >= 7 && !strcmp(argv[1], "query"))
		query(argv[2], atof(argv[3]), atof(argv[4]), argv[5], argv[6], argv + 7, argc - 7);
	else {
		fprintf(stderr, "usage: csqlite insert SOURCE TARGET FILL ROWS SECONDS WARM PRAGMAS\n"
				"       csqlite query DATABASE SECONDS WARM PRAGMAS SQL PARAMETER...\n");
		return 2;
	}
	return 0;
}
