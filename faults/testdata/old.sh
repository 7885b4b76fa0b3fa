#!/usr/bin/env bash
# Writes the database that the program of a commit leaves behind, with people
# in every state, and what it answered about them:
#
#     old.sh PROGRAM NAME
#
# PROGRAM is muster, built from that commit; NAME.sql becomes the dump of its
# database and NAME.answers the paths that were asked, each with the answer in
# the next line. Needs bash, curl, sed and sqlite3. Once written, the files stay
# as they are: they are what an old server has on its disk.
set -euo pipefail
program=$(realpath "$1") name=$(realpath -m "$2")
dir=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$dir"' EXIT
export MUSTER_ACCOUNT_ID=faults MUSTER_CLIENT_ID=faults-client MUSTER_CLIENT_SECRET=a-secret-of-the-faults
export MUSTER_OWNER_EMAIL=owner@example.com MUSTER_DATA=$dir/data
"$program" serve --listen 127.0.0.1:0 --public-url https://muster.test >"$dir/out" 2>"$dir/log" &
server=$!
until grep -q msg=serving "$dir/log"; do sleep 0.1; done
url=http://$(sed -nE 's/.*msg=serving address=([^ ]+).*/\1/p' "$dir/log")

token=$(curl -sSf -u "$MUSTER_CLIENT_ID:$MUSTER_CLIENT_SECRET" -d grant_type=account_credentials -d account_id=faults "$url/oauth/token" |
	sed -E 's/.*"access_token":"([^"]+)".*/\1/')
api() { # METHOD PATH [BODY [HEADER]]
	curl -sS --fail-with-body -X "$1" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' ${4:+-H "$4"} ${3:+-d "$3"} "$url/v2$2"
}
number() { sed -nE 's/^\{.*"id":([0-9]+).*/\1/p'; }
registrant() { sed -E 's/.*"registrant_id":"([^"]+)".*/\1/'; }
meeting() { # MEMBERS SETTINGS
	api POST /users/me/meetings "{\"topic\":\"Open day\",\"start_time\":\"2099-03-02T10:00:00Z\",\"timezone\":\"Europe/Berlin\",\"duration\":45,$1,\"settings\":{$2}}" >"$dir/made"
	number <"$dir/made"
}
people() { # MEETING NAME...
	local m=$1
	shift
	for p; do api POST "/meetings/$m/registrants" "{\"email\":\"$p@example.com\",\"first_name\":\"$p\",\"last_name\":\"Lee\",\"org\":\"Example Ltd\",\"zip\":\"53111\"}" >/dev/null; done
}
status() { # MEETING ACTION NAME [QUERY]
	api PUT "/meetings/$1/registrants/status${4:-}" "{\"action\":\"$2\",\"registrants\":[{\"email\":\"$3@example.com\"}]}"
}

# Accounts, users, apps.
"$program" account add --name Branch --parent faults --owner-email branch@example.org >/dev/null
"$program" app add --account faults --name moodle --scopes meeting:read:admin >/dev/null
for u in jo kim; do
	api POST /users "{\"action\":\"create\",\"user_info\":{\"email\":\"$u@example.com\",\"first_name\":\"$u\",\"last_name\":\"Host\",\"type\":2}}" >/dev/null
done

# Single meetings.
auto=$(meeting '"type":2' '"approval_type":0')
manual=$(meeting '"type":2' '"approval_type":1')
for m in "$auto" "$manual"; do
	people "$m" ann bob cem dee eve fay
	status "$m" approve ann
	status "$m" deny bob
	status "$m" cancel cem
	gone=$(api POST "/meetings/$m/registrants" '{"email":"gone@example.com","first_name":"Gone"}' | registrant)
	api DELETE "/meetings/$m/registrants/$gone"
done
api POST "/meetings/$auto/batch_registrants" '{"registrants":[{"email":"gil@example.com","first_name":"Gil"},{"email":"hal@example.com"}]}' >/dev/null
api PATCH "/meetings/$manual/registrants/questions" '{"questions":[{"field_name":"org","required":false}],"custom_questions":[{"title":"Lunch?","type":"short","required":false}]}'
api POST "/meetings/$manual/registrants" '{"email":"ida@example.com","first_name":"Ida","custom_questions":[{"title":"Lunch?","value":"Ünïcode, please 🍲"}]}' >/dev/null

# Series, each way of registering.
series=() dates=
for type in 1 2 3; do
	m=$(meeting '"type":8,"recurrence":{"type":1,"end_times":4}' "\"approval_type\":0,\"registration_type\":$type")
	series+=("$m")
	dates=$(grep -oE '"occurrence_id":"[0-9]+"' "$dir/made" | sed -E 's/[^0-9]//g' | paste -sd,)
	first=${dates%%,*}
	test $type = 1 && query='' || query="?occurrence_ids=$first"
	test $type = 3 && query="?occurrence_ids=$dates"
	for p in ann bob cem; do
		api POST "/meetings/$m/registrants$query" "{\"email\":\"$p@example.com\",\"first_name\":\"$p\"}" >/dev/null
	done
	status "$m" deny bob
	test $type = 3 && status "$m" cancel cem "?occurrence_id=$first"
done
api DELETE "/meetings/${series[0]}?occurrence_id=${dates##*,}"

# Meetings that are deleted, without registration, without a time.
deleted=$(meeting '"type":2' '"approval_type":0')
people "$deleted" ann
api DELETE "/meetings/$deleted"
meeting '"type":3' '"approval_type":2' >/dev/null

# An answer under a key.
keyed="/meetings/$auto/registrants" body='{"email":"jan@example.com","first_name":"Jan"}'
again=$(api POST "$keyed" "$body" 'Idempotency-Key: old-key')

{
	printf '%s\n' "$token" "$keyed" "$body" "$again"
	for path in /users/me '/users?page_size=300' /users/jo@example.com "/meetings/$auto" "/meetings/$manual" "/meetings/$manual/registrants/questions" \
		"/meetings/${series[0]}" "/meetings/${series[1]}" "/meetings/${series[2]}"; do
		# The link for the host has a token that lives for two hours.
		printf '%s\n%s\n' "$path" "$(api GET "$path" | sed -E 's/"start_url":"[^"]*",//')"
	done
	for m in "$auto" "$manual" "${series[@]}"; do
		for s in approved pending denied all; do
			printf '%s\n%s\n' "/meetings/$m/registrants?status=$s" "$(api GET "/meetings/$m/registrants?status=$s")"
		done
	done
	first=${dates%%,*}
	printf '%s\n%s\n' "/meetings/${series[2]}/registrants?occurrence_id=$first" "$(api GET "/meetings/${series[2]}/registrants?occurrence_id=$first")"
} >"$name.answers"
kill -TERM "$server"
wait "$server"
sqlite3 "$dir/data/muster.db" .dump >"$name.sql"
