package schedule

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Weekday returns the day of the API's number, 1 for Sunday to 7 for Saturday.
// It maps other numbers to days that do not exist, 0 to -1 in particular, so
// that an absent monthly_week_day is not taken for Sunday: Check refuses them.
func Weekday(number int) time.Weekday { return time.Weekday(number - 1) }

// WeekdayNumber returns the API's number of day: 1 for Sunday to 7 for Saturday.
func WeekdayNumber(day time.Weekday) int { return int(day) + 1 }

// ParseWeekdays reads the API's list of days, "2,4" for Monday and Wednesday,
// and returns them ascending, each once. Blanks around a number do no harm;
// blank text is the empty list, with which Recurrence means Sunday. The error
// says what is asked for and can stand as the rule of a field.
func ParseWeekdays(text string) ([]time.Weekday, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var days []time.Weekday
	for item := range strings.SplitSeq(text, ",") {
		item = strings.TrimSpace(item)
		if len(item) != 1 || item[0] < '1' || item[0] > '7' {
			return nil, errors.New("must be a list of days parted by commas, 1 for Sunday to 7 for Saturday, such as 2,4")
		}
		if day := Weekday(int(item[0] - '0')); !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	slices.Sort(days)
	return days, nil
}

// FormatWeekdays spells days, in their order, as the API does: "2,4" for
// Monday and Wednesday, "" for none.
func FormatWeekdays(days []time.Weekday) string {
	numbers := make([]string, len(days))
	for i, day := range days {
		numbers[i] = strconv.Itoa(WeekdayNumber(day))
	}
	return strings.Join(numbers, ",")
}

// isNoWeekday tells whether day does not exist.
func isNoWeekday(day time.Weekday) bool { return day < time.Sunday || day > time.Saturday }
