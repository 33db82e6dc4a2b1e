package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v4"
)

const mostSeats = 10

var (
	tokenForm = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	seatForm  = regexp.MustCompile(`^([A-Z]+)_([1-9][0-9]{0,8})$`)
)

type bookingRequest struct {
	User   userID `json:"userId"`
	Option int64  `json:"concertOptionId"`
	Seats  string `json:"seats"`
}

type seat struct {
	ID      int64  `json:"seatId"`
	Section string `json:"section"`
	Number  int32  `json:"seatNumber"`
	Price   points `json:"price"`
	// Held by the time it is shown; before that, whether somebody else holds it.
	Reserved bool `json:"reserved"`
}

type account struct {
	ID      userID `json:"userId"`
	Name    string `json:"name"`
	Balance points `json:"balance"`
}

type concert struct {
	ID     int64    `json:"concertId"`
	Option int64    `json:"concertOptionId"`
	Name   string   `json:"name"`
	Date   dateTime `json:"date"`
	Seats  []seat   `json:"seats"`
}

type booking struct {
	Result  string   `json:"responseResult"`
	ID      int64    `json:"bookingId"`
	Status  string   `json:"bookingStatus"`
	Time    dateTime `json:"bookingTime"`
	User    account  `json:"user"`
	Concert concert  `json:"concert"`
}

// buyer is what a booking is judged by.
type buyer struct {
	concert          int64
	concertName      string
	startsAt         time.Time
	onSale, admitted bool
	ofConcert        *bool
	user, name       *string
	balance          *int64
}

func parseSeats(text string) (sections []string, numbers []int32, err error) {
	names := strings.Split(text, ",")
	if len(names) > mostSeats {
		return nil, nil, invalid("too many seats")
	}
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		parts := seatForm.FindStringSubmatch(name)
		if parts == nil || seen[name] {
			return nil, nil, invalid("not a seat, or a seat twice: " + name)
		}
		seen[name] = true
		number, _ := strconv.Atoi(parts[2])
		sections, numbers = append(sections, parts[1]), append(numbers, int32(number))
	}
	return sections, numbers, nil
}

func (b *buyer) check(user userID) error {
	switch {
	case b.user == nil || *b.user != string(user) || b.ofConcert == nil || !*b.ofConcert:
		return refuse(http.StatusForbidden, "QUEUE_TOKEN_INVALID",
			"the token is not this user's for this concert")
	case !b.admitted:
		return refuse(http.StatusForbidden, "QUEUE_TOKEN_WAITING", "not admitted")
	case !b.onSale:
		return refuse(http.StatusForbidden, "SALE_NOT_OPEN", "the sale is not open")
	}
	return nil
}

func checkSeats(seats []seat, wanted int) error {
	if len(seats) < wanted {
		return refuse(http.StatusNotFound, "SEAT_NOT_FOUND", "no such seat")
	}
	var taken []string
	for _, s := range seats {
		if s.Reserved {
			taken = append(taken, s.Section+"_"+strconv.Itoa(int(s.Number)))
		}
	}
	if taken != nil {
		return refuse(http.StatusConflict, "SEAT_ALREADY_RESERVED", "taken: "+strings.Join(taken, ","))
	}
	return nil
}

// look begins the transaction, and reads who books and the seats, which are locked from then on.
func look(ctx context.Context, c *pgx.Conn, option int64, token string, sections []string,
	numbers []int32) (who buyer, seats []seat, err error) {
	batch := &pgx.Batch{}
	batch.Queue("BEGIN")
	batch.Queue(whoBooks, option, token)
	batch.Queue(lockSeats, option, sections, numbers)
	results := c.SendBatch(ctx, batch)
	defer results.Close()
	if _, err = results.Exec(); err != nil {
		return
	}
	err = results.QueryRow().Scan(&who.concert, &who.concertName, &who.startsAt, &who.onSale,
		&who.admitted, &who.ofConcert, &who.user, &who.name, &who.balance)
	if errors.Is(err, pgx.ErrNoRows) {
		err = refuse(http.StatusNotFound, "CONCERT_OPTION_NOT_FOUND", "no such performance")
	}
	if err != nil {
		return
	}
	rows, err := results.Query()
	if err != nil {
		return
	}
	defer rows.Close()
	for rows.Next() {
		var s seat
		if err = rows.Scan(&s.ID, &s.Section, &s.Number, &s.Price, &s.Reserved); err != nil {
			return
		}
		seats = append(seats, s)
	}
	return who, seats, rows.Err()
}

// write makes the booking and commits.
func write(ctx context.Context, c *pgx.Conn, option int64, token string, who buyer, seats []seat) (
	id int64, at time.Time, err error) {
	ids, prices := make([]int64, len(seats)), make([]int64, len(seats))
	var total int64
	for n, s := range seats {
		ids[n], prices[n] = s.ID, int64(s.Price)
		total += int64(s.Price)
	}
	batch := &pgx.Batch{}
	batch.Queue(writeBooking, option, who.concert, *who.user, token, total, ids, prices)
	batch.Queue("COMMIT")
	results := c.SendBatch(ctx, batch)
	defer results.Close()
	if err = results.QueryRow().Scan(&id, &at); err != nil {
		return
	}
	_, err = results.Exec()
	return
}

func (db *database) book(ctx context.Context, header http.Header, body []byte) (any, error) {
	token := header.Get("Queue-Token")
	if token == "" {
		return nil, refuse(http.StatusUnauthorized, "QUEUE_TOKEN_MISSING", "Queue-Token is missing")
	}
	if !tokenForm.MatchString(token) {
		return nil, refuse(http.StatusForbidden, "QUEUE_TOKEN_INVALID", "that is no token")
	}
	var wish bookingRequest
	if err := json.Unmarshal(body, &wish); err != nil || wish.User == "" || wish.Option < 1 {
		return nil, invalid("the body is not a booking")
	}
	sections, numbers, err := parseSeats(wish.Seats)
	if err != nil {
		return nil, err
	}
	answer := booking{Result: "SUCCESS", Status: "PENDING"}
	err = db.transact(ctx, func(c *pgx.Conn) error {
		who, seats, err := look(ctx, c, wish.Option, token, sections, numbers)
		if err != nil {
			return err
		}
		if err := who.check(wish.User); err != nil {
			return err
		}
		if err := checkSeats(seats, len(numbers)); err != nil {
			return err
		}
		id, at, err := write(ctx, c, wish.Option, token, who, seats)
		if err != nil {
			return err
		}
		for n := range seats {
			seats[n].Reserved = true
		}
		answer.ID, answer.Time = id, dateTime{at}
		answer.User = account{wish.User, *who.name, points(*who.balance)}
		answer.Concert = concert{who.concert, wish.Option, who.concertName, dateTime{who.startsAt}, seats}
		return nil
	})
	if isUniqueViolation(err) {
		err = refuse(http.StatusConflict, "SEAT_ALREADY_RESERVED", "a seat was taken meanwhile")
	}
	return answer, err
}
