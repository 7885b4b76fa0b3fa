package roster

import (
	"strings"
	"unicode"
)

// What a column may hold beside a person field.
const (
	fullName Field = "full name"
	status   Field = "status"
	// Bookkeeping is what exports add about a registration; it is never an
	// answer unless it is asked for by name.
	bookkeeping Field = "bookkeeping"
)

// QuestionPrefix marks a column as the answer to a custom question whose title
// would otherwise be taken for a field, such as “City”.
const QuestionPrefix = "Question: "

// A Column is one column of a file.
type Column struct {
	Header string
	Field  Field  // what it fills, "" if nothing
	Title  string // of the custom question that it may answer, "" if it cannot
	Known  bool   // it holds what exports add, such as an order number
}

// Synonyms has for each field the headers that mean it, as key spells them,
// the best first: of two columns for one field the better header wins.
var synonyms = map[Field][]string{
	Email: {
		"attendeeemail", "participantemail", "registrantemail", "guestemail", "email", "emailaddress", "mail", "mailaddress", "emailid",
		"useremail", "email1value", "primaryemail", "contactemail", "workemail", "businessemail", "companyemail", "emailwork",
		"emailadresse", "mailadresse", "adressemail", "adresseemail", "adressedemessagerie", "courriel", "adressecourriel", "correo",
		"correoelectronico", "direcciondecorreo", "direcciondecorreoelectronico", "emails", "indirizzoemail", "postaelettronica",
		"enderecodeemail", "adresemail", "adrespocztyelektronicznej", "eposta", "epostadresi", "epost", "epostadress", "emailadres",
		"sahkoposti", "почта", "электроннаяпочта", "адресэлектроннойпочты", "メールアドレス", "eメール", "メール", "邮箱", "电子邮件", "电子邮箱",
		"電子郵件", "電郵", "이메일", "이메일주소", "البريدالالكتروني", "personalemail", "email1", "buyeremail", "purchaseremail", "orderemail",
	},
	FirstName: {
		"attendeefirstname", "participantfirstname", "guestfirstname", "firstname", "first", "givenname", "forename", "christianname",
		"vorname", "rufname", "prenom", "nombre", "nombres", "nome", "primeironome", "voornaam", "imie", "ad", "isim", "fornamn",
		"fornavn", "etunimi", "имя", "όνομα", "ονομα", "名", "שםפרטי", "الاسمالاول", "buyerfirstname", "purchaserfirstname",
	},
	LastName: {
		"attendeelastname", "attendeesurname", "participantlastname", "guestlastname", "lastname", "last", "surname", "familyname",
		"nachname", "familienname", "zuname", "nom", "nomdefamille", "apellido", "apellidos", "cognome", "sobrenome",
		"apelido", "achternaam", "nazwisko", "soyad", "soyadi", "efternamn", "efternavn", "etternavn", "sukunimi", "фамилия",
		"επωνυμο", "επώνυμο", "姓", "苗字", "성", "שםמשפחה", "اسمالعائلة", "buyerlastname", "purchaserlastname",
	},
	fullName: {
		"attendeename", "participantname", "fullname", "name", "displayname", "attendee", "participant", "nameoriginalname", "username",
		"vollername", "vorundnachname", "nomcomplet", "nometprenom", "nomprenom", "prenomnom", "prenometnom", "nombrecompleto",
		"nombreyapellidos", "nombreyapellido", "nomecompleto", "nomeecognome", "volledigenaam", "naam", "imieinazwisko", "adsoyad",
		"фио", "полноеимя", "氏名", "名前", "お名前", "姓名", "이름", "성명", "buyername",
	},
	Address: {
		"address", "streetaddress", "address1", "addressline1", "street", "homeaddress", "homeaddress1", "businessstreet", "address1street", "shippingaddress1",
		"billingaddress1", "adresse", "anschrift", "strasse", "rue", "direccion", "calle", "indirizzo", "endereco", "adres",
	},
	Address2: {"address2", "addressline2", "streetaddress2", "address2line", "homeaddress2", "shippingaddress2", "billingaddress2", "adresszusatz", "complementdadresse"},
	City: {
		"city", "town", "address1city", "businesscity", "homecity", "billingcity", "shippingcity", "stadt", "ort", "wohnort", "ville", "ciudad", "citta",
		"cidade", "miasto", "stad", "plaats", "sehir", "город",
	},
	Country: {
		"countryregion", "country", "countryregionname", "address1country", "businesscountryregion", "homecountryregion", "homecountry",
		"billingcountry", "shippingcountry", "countrycode", "land", "pays", "paysregion", "pais", "paese", "nazione", "kraj", "ulke", "страна",
	},
	Zip: {
		"zippostalcode", "zip", "zipcode", "postalcode", "postcode", "address1postalcode", "businesspostalcode", "homezip", "billingzip", "shippingzip",
		"plz", "postleitzahl", "codepostal", "codigopostal", "cap", "cep", "kodpocztowy", "postakodu",
	},
	State: {
		"stateprovince", "state", "province", "region", "stateorprovince", "address1region", "businessstate", "homestate", "billingstate",
		"shippingstate", "bundesland", "provincia", "provincestate", "estado",
	},
	Phone: {
		"phone", "phonenumber", "telephone", "mobile", "mobilephone", "mobilenumber", "cellphone", "phone1value", "businessphone", "workphone",
		"homephone", "tel", "telefon", "telefonnummer", "handy", "mobil", "telefono", "telefone", "movil", "portable", "телефон",
	},
	Fax:      {"fax", "faxnumber", "businessfax", "workfax", "homefax", "telefax", "faxnummer", "telecopie"},
	Industry: {"industry", "sector", "branche", "secteur", "secteurdactivite", "industria", "settore"},
	Organization: {
		"organization", "organisation", "org", "company", "companyname", "organizationname", "organization1name", "employer", "institution",
		"affiliation", "firma", "unternehmen", "organisationname", "entreprise", "societe", "organisme", "empresa", "organizacion", "azienda",
		"societa", "firmaname", "bedrijf", "sirket", "kurum", "организация", "компания", "会社名", "公司", "회사",
	},
	JobTitle: {
		"jobtitle", "organization1title", "organizationtitle", "position", "role", "occupation", "berufsbezeichnung", "funktion",
		"beruf", "poste", "fonction", "intituleduposte", "cargo", "puesto", "ruolo", "stanowisko", "unvan", "должность", "役職", "职位", "직책",
	},
	PurchaseTime:  {"purchasingtimeframe"},
	PurchaseRole:  {"roleinpurchaseprocess"},
	EmployeeCount: {"numberofemployees", "noofemployees", "employees", "employeecount", "companysize"},
	Comments:      {"questionscomments", "questionsandcomments", "comments", "comment", "kommentar", "commentaires", "comentarios"},
	Language:      {"language", "registrantlanguage"},
	status: {
		"approvalstatus", "attendeestatus", "registrationstatus", "registrantstatus", "status", "ticketstatus", "statut", "estatus",
	},
	bookkeeping: {
		"registrationtime", "registrantid", "joinurl", "joinlink", "outcome", "reason", "row", "order", "orderid", "ordernumber", "orderno",
		"orderdate", "attendeeno", "attendeeid", "attendeenumber", "barcode", "barcodenumber", "tickettype", "ticketquantity",
		"quantity", "ticketid", "ticketprice", "currency", "totalpaid", "eventbritefees", "feespaid", "ordertype", "sourcename", "trackingsource",
		"registrationsource", "participantpincode", "createtime", "eventname", "eventid", "eventstartdate", "eventstarttime", "purchaserid",
		"buyerfirstname", "buyerlastname", "buyeremail", "buyername", "buyersurname", "registrationdate", "timestamp", "zeitstempel", "horodateur",
		"marcatemporal", "password", "passcode",
	},
}

type meaning struct {
	field Field
	rank  int
}

var meanings = func() map[string]meaning {
	m := map[string]meaning{}
	for field, words := range synonyms {
		for rank, word := range words {
			if _, taken := m[word]; !taken || field != bookkeeping {
				m[word] = meaning{field, rank}
			}
		}
	}
	return m
}()

// Means reports whether a column of that header is taken for something that
// the package knows.
func Means(header string) bool {
	_, known := meanings[key(header)]
	return known
}

// SameTitle reports whether two titles of questions differ at most in case,
// accents, spaces and punctuation.
func SameTitle(a, b string) bool { return key(a) == key(b) && key(a) != "" }

var accents = strings.NewReplacer(
	"á", "a", "à", "a", "â", "a", "ä", "a", "ã", "a", "å", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "ę", "e",
	"í", "i", "ì", "i", "î", "i", "ï", "i", "ı", "i", "ñ", "n", "ó", "o", "ò", "o", "ô", "o", "ö", "o", "õ", "o", "ø", "o",
	"ú", "u", "ù", "u", "û", "u", "ü", "u", "ş", "s", "ś", "s", "ğ", "g", "ł", "l", "ß", "ss", "œ", "oe", "æ", "ae",
)

// key is what is left of a header without case, accents, spaces and
// punctuation.
func key(header string) string {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, strings.NewReplacer("#", "no", "№", "no").Replace(header))
	return accents.Replace(letters)
}

// columns gives each header its meaning. Where several claim one field, the
// best has it and the others have none.
func columns(headers []string) []Column {
	out := make([]Column, len(headers))
	best := map[Field]int{} // the column of a field
	ranks := make([]int, len(headers))
	for i, h := range headers {
		h = strings.TrimSpace(Plain(clean(h)))
		out[i].Header = h
		if title, ok := strings.CutPrefix(h, QuestionPrefix); ok {
			out[i].Title = strings.TrimSpace(title)
			continue
		}
		m, known := meanings[key(h)]
		if !known {
			out[i].Title = h
			continue
		}
		out[i].Known, ranks[i] = true, m.rank
		if m.field == bookkeeping {
			continue
		}
		if other, taken := best[m.field]; taken {
			if ranks[other] <= m.rank {
				continue
			}
			out[other].Field = ""
		}
		best[m.field], out[i].Field = i, m.field
	}
	settleNames(out, best)
	return out
}

// settleNames decides what “Name” is beside other columns: “Vorname, Name” and
// “nom, nombre” are read by what is missing.
func settleNames(out []Column, best map[Field]int) {
	full, hasFull := best[fullName]
	_, hasFirst := best[FirstName]
	_, hasLast := best[LastName]
	switch {
	case hasFull && hasFirst && !hasLast:
		out[full].Field = LastName
	case hasFull && (hasFirst || hasLast):
		out[full].Field = ""
	case !hasFull && hasFirst && !hasLast && key(out[best[FirstName]].Header) == "nombre",
		!hasFull && hasFirst && !hasLast && key(out[best[FirstName]].Header) == "nome":
		out[best[FirstName]].Field = fullName
	}
}

// clean drops what cannot be seen and makes every space a plain one, line
// breaks and tabs aside.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\ufeff' || r == '\u2060' || r == '\u00ad' || r == 0:
			return -1
		case r != '\n' && r != '\t' && r != '\r' && unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
}
