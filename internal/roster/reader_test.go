package roster

import (
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

type values = map[Field]string

func readAll(t *testing.T, file string) (*Reader, []Row) {
	t.Helper()
	r, err := NewReader(strings.NewReader(file))
	if err != nil {
		t.Fatalf("NewReader: %v", err)
	}
	var rows []Row
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r, rows
		}
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		rows = append(rows, row)
	}
}

func utf16File(order binary.AppendByteOrder, text string) string {
	b := order.AppendUint16(nil, 0xfeff)
	for _, u := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

var ann = values{Email: "ann@example.com", FirstName: "Ann", LastName: "Lee"}

func TestReadHeaders(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file string
		want values
		line int
	}{
		"plain":                  {"email,first name,last name\nann@example.com,Ann,Lee\n", ann, 2},
		"underscores":            {"EMAIL,FIRST_NAME,LAST_NAME\nann@example.com,Ann,Lee\n", ann, 2},
		"byte order mark":        {"\ufeffEmail,First Name,Last Name\r\nann@example.com,Ann,Lee\r\n", ann, 2},
		"semicolons":             {"E-Mail;Vorname;Nachname\nann@example.com;Ann;Lee\n", ann, 2},
		"sep line of Excel":      {"sep=;\nE-Mail;Vorname;Nachname\nann@example.com;Ann;Lee\n", ann, 3},
		"tabs":                   {"Email\tFirst Name\tLast Name\nann@example.com\tAnn\tLee", ann, 2},
		"UTF-16 little endian":   {utf16File(binary.LittleEndian, "Email\tFirst Name\tLast Name\r\nann@example.com\tAnn\tLee\r\n"), ann, 2},
		"UTF-16 big endian":      {utf16File(binary.BigEndian, "Email\tFirst Name\tLast Name\r\nann@example.com\tAnn\t😀 Lee\r\n"), values{Email: "ann@example.com", FirstName: "Ann", LastName: "😀 Lee"}, 2},
		"Windows-1252":           {"Email,First Name,Last Name\nann@example.com,Ren\xe9,\x8a\x80\n", values{Email: "ann@example.com", FirstName: "René", LastName: "Š€"}, 2},
		"old Mac":                {"Email,First Name,Last Name\rann@example.com,Ann,Lee\r", ann, 2},
		"German name column":     {"Name;Vorname;E-Mail-Adresse\nLee;Ann;ann@example.com\n", ann, 2},
		"French":                 {"Nom;Prénom;Adresse e-mail\nLee;Ann;ann@example.com\n", ann, 2},
		"Spanish":                {"Nombre,Apellidos,Correo electrónico\nAnn,Lee,ann@example.com\n", ann, 2},
		"Spanish, one name":      {"Nombre,Correo\nAnn Lee,ann@example.com\n", ann, 2},
		"Japanese":               {"姓,名,メールアドレス\nLee,Ann,ann@example.com\n", ann, 2},
		"full name":              {"Name,Email\nAnn Mary Lee,ann@example.com\n", values{Email: "ann@example.com", FirstName: "Ann Mary", LastName: "Lee"}, 2},
		"full name with a comma": {"Name,Email\n\"Lee, Ann\",ann@example.com\n", ann, 2},
		"name beside its parts":  {"Name,First Name,Last Name,Email\nX Y,Ann,Lee,ann@example.com\n", ann, 2},
		"email alone":            {"email\nann@example.com\n", values{Email: "ann@example.com"}, 2},
		"Google contacts":        {"First Name,Middle Name,Last Name,Notes,E-mail 1 - Label,E-mail 1 - Value\nAnn,,Lee,private,* Work,ann@example.com\n", ann, 2},
		"Outlook contacts":       {"First Name,Last Name,Company,E-mail Address,E-mail 2 Address\nAnn,Lee,,ann@example.com,old@example.com\n", ann, 2},
		"harmless cells":         {"Email,First Name,Last Name,Phone\nann@example.com,'=Ann,Lee,'+49 30 1\n", values{Email: "ann@example.com", FirstName: "=Ann", LastName: "Lee", Phone: "+49 30 1"}, 2},
		"hidden characters":      {"Email,First Name,Last Name\n\u200bann@example.com\u00a0, Ann ,Lee\n", ann, 2},
		"short row":              {"Email,First Name,Last Name,Phone\nann@example.com,Ann,Lee\n", ann, 2},
		"blank lines":            {"\n\nEmail,First Name,Last Name\n\n,,\nann@example.com,Ann,Lee\n", ann, 6},
		"Zoom import":            {"Email Address,First Name,Last Name\nann@example.com,Ann,Lee\n", ann, 2},
		"Eventbrite": {
			"Order #,Order Date,First Name,Surname,Email,Quantity,Ticket Type,Attendee #,Attendee Status,Buyer Email,Buyer First Name\n" +
				"991,2026-01-02,Ann,Lee,ann@example.com,1,Free,17,Attending,boss@example.com,Boss\n", ann, 2,
		},
		"Eventbrite, buyer first": {
			"Buyer Email,Buyer Last Name,Attendee first name,Attendee Surname,Attendee email\nboss@example.com,Boss,Ann,Lee,ann@example.com\n", ann, 2,
		},
		"Zoom report": {
			"Meeting Registration Report\nReport generated time,\"Jan 2, 2026 10:00\"\nTopic,Meeting ID,Scheduled Time\n\"Spring, \"\"and\"\" more\",857 4606 5123,\"Jan 2, 2026\"\n\n" +
				"First Name,Last Name,Email,Registration Time,Approval Status\nAnn,Lee,ann@example.com,\"Jan 2, 2026\",approved\n", ann, 7,
		},
		"all of Zoom's fields": {
			"Email,Address,City,Country/Region,Zip/Postal Code,State/Province,Phone,Industry,Organization,Job Title,Purchasing Time Frame,Role in Purchase Process,Number of Employees,Questions & Comments\n" +
				"a@example.com,1 Rd,Bonn,DE,53111,NW,1,Food,Org,Chef,1-3 months,Influencer,1-20,Hi\n",
			values{
				Email: "a@example.com", Address: "1 Rd", City: "Bonn", Country: "DE", Zip: "53111", State: "NW", Phone: "1", Industry: "Food", Organization: "Org",
				JobTitle: "Chef", PurchaseTime: "1-3 months", PurchaseRole: "Influencer", EmployeeCount: "1-20", Comments: "Hi",
			},
			2,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, rows := readAll(t, tt.file)
			if len(rows) != 1 {
				t.Fatalf("got %d rows, want 1: %+v", len(rows), rows)
			}
			if got := rows[0]; !maps.Equal(got.Values, tt.want) || got.Line != tt.line || got.Problem != "" {
				t.Errorf("got line %d %v %q, want line %d %v", got.Line, got.Values, got.Problem, tt.line, tt.want)
			}
		})
	}
}

func TestReadRows(t *testing.T) {
	t.Parallel()
	file := "Email,First Name,Last Name\n" +
		"a@example.com,\"Two\nlines\",X\n" +
		"b@example.com,B,X,garbage\n" +
		"c@example.com,C \"Q\" C,X\n" +
		"d@example.com,\"D\" \"D\",X\n" +
		"e@example.com,E,X,,\n"
	_, rows := readAll(t, file)
	type short struct {
		line int
		ok   bool
	}
	var got []short
	for _, r := range rows {
		got = append(got, short{r.Line, r.Problem == ""})
	}
	want := []short{{2, true}, {4, false}, {5, false}, {6, false}, {7, true}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestReadAnswers(t *testing.T) {
	t.Parallel()
	r, err := NewReader(strings.NewReader("Email,Diet,Question: City\na@example.com,vegan,Rome\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Layout().Columns[2]; got.Title != "City" || got.Field != "" {
		t.Errorf("got %+v, want the title City and no field", got)
	}
	r.Ask(1, "Your diet")
	r.Ask(2, "City")
	row, err := r.Next()
	want := []Answer{{"Your diet", "vegan"}, {"City", "Rome"}}
	if err != nil || !slices.Equal(row.Answers, want) {
		t.Errorf("got %v %v, want %v", row.Answers, err, want)
	}
}

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ file, want string }{
		"empty":         {"", "empty"},
		"workbook":      {"PK\x03\x04rest", "workbook"},
		"binary":        {"\x00\x01\x02", "CSV UTF-8"},
		"no headers":    {"ann@example.com,Ann,Lee\nbob@example.com,Bob,Ray\n", "email,first name,last name"},
		"no email":      {"First Name,Last Name\nAnn,Lee\n", "name that column “Email”"},
		"late header":   {strings.Repeat("x,y\n", 20) + "Email\na@example.com\n", "first 20 lines"},
		"quote at last": {"Email,First Name\na@example.com,\"A\nb@example.com,B\n", "line 2 is never closed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := NewReader(strings.NewReader(tt.file))
			for err == nil {
				_, err = r.Next()
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %q, want it to say %q", err, tt.want)
			}
		})
	}
}

func TestEncodingAcrossChunks(t *testing.T) {
	t.Parallel()
	for shift := range 4 {
		file := "Email,First Name\n" + strings.Repeat("x", shift) + strings.Repeat("a@example.com,日本語\n", 8000)
		r, rows := readAll(t, file)
		if r.Layout().Encoding != UTF8 || len(rows) != 8000 {
			t.Errorf("shift %d: got %s with %d rows, want UTF-8 with 8000", shift, r.Layout().Encoding, len(rows))
		}
	}
}

func TestEachHeaderHasOneMeaning(t *testing.T) {
	t.Parallel()
	fields := map[string]Field{}
	for field, words := range synonyms {
		for _, word := range words {
			if other, taken := fields[word]; taken && field != bookkeeping && other != bookkeeping {
				t.Errorf("%q means %s and %s", word, field, other)
			}
			if key(word) != word {
				t.Errorf("%q is looked up as %q and never found", word, key(word))
			}
			fields[word] = field
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("email,first name,last name\nann@example.com,Ann,Lee\n"))
	f.Add([]byte("\xff\xfee\x00m\x00a\x00i\x00l\x00\n\x00\x00\xd8"))
	f.Add([]byte("Email;Name\r\"a\r\n;;\"\xe9"))
	f.Add([]byte("Topic\n\nEmail,\"x\ny\"\n\"a\"b,c\n\"open"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := NewReader(strings.NewReader(string(data)))
		if err != nil {
			return
		}
		var c Checker
		last := 0
		for range len(data) + 2 {
			row, err := r.Next()
			if err != nil {
				return
			}
			if row.Line <= last {
				t.Fatalf("line %d comes after line %d", row.Line, last)
			}
			last = row.Line
			c.Check(&row)
		}
		t.Fatal("more rows than bytes")
	})
}
