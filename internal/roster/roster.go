// Package roster has lists of people as CSV: it reads the files that people
// really have, checks them, and writes results and exports that a spreadsheet
// shows and does not run.
package roster

// A Field is something that an API knows about a person, in Zoom's spelling,
// which has none for the second line of an address and the fax.
type Field string

// The person fields of the APIs.
const (
	Email         Field = "email"
	FirstName     Field = "first_name"
	LastName      Field = "last_name"
	Address       Field = "address"
	Address2      Field = "address2"
	City          Field = "city"
	Country       Field = "country"
	Zip           Field = "zip"
	State         Field = "state"
	Phone         Field = "phone"
	Fax           Field = "fax"
	Industry      Field = "industry"
	Organization  Field = "org"
	JobTitle      Field = "job_title"
	PurchaseTime  Field = "purchasing_time_frame"
	PurchaseRole  Field = "role_in_purchase_process"
	EmployeeCount Field = "no_of_employees"
	Comments      Field = "comments"
	Language      Field = "language"
)

// Fields lists the person fields in the order of an export, each with its
// column's header.
var Fields = []struct {
	Field  Field
	Header string
}{
	{Email, "Email"},
	{FirstName, "First Name"},
	{LastName, "Last Name"},
	{Organization, "Organization"},
	{JobTitle, "Job Title"},
	{Phone, "Phone"},
	{Fax, "Fax"},
	{Address, "Address"},
	{Address2, "Address 2"},
	{City, "City"},
	{State, "State/Province"},
	{Zip, "Zip/Postal Code"},
	{Country, "Country/Region"},
	{Industry, "Industry"},
	{PurchaseTime, "Purchasing Time Frame"},
	{PurchaseRole, "Role in Purchase Process"},
	{EmployeeCount, "Number of Employees"},
	{Comments, "Questions & Comments"},
	{Language, "Language"},
}

// OfPerson reports whether f is one of Fields.
func OfPerson(f Field) bool {
	for _, known := range Fields {
		if known.Field == f {
			return true
		}
	}
	return false
}

// A Row is one record of a file. Line is where it begins, the first line being
// 1. Values holds no empty strings.
type Row struct {
	Line    int
	Values  map[Field]string
	Answers []Answer
	Status  string // of an export, as the file has it
	Problem string // why the record could not be read, "" if it could
}

// An Answer is what somebody says to the custom question of that title.
type Answer struct {
	Title, Value string
}
