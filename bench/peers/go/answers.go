package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

const mostBody = 64 << 10

// refusal is what a caller is told who can't have what was asked for.
type refusal struct {
	Result string `json:"responseResult"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (r *refusal) Error() string { return r.Detail }

func refuse(status int, code, detail string) error {
	return &refusal{"FAIL", status, code, detail}
}

func invalid(detail string) error {
	return refuse(http.StatusBadRequest, "INVALID_REQUEST", detail)
}

// posted makes a handler of a call that takes a body and gives what is answered as JSON.
func posted(call func(context.Context, http.Header, []byte) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answer, err := func() (any, error) {
			if r.Method != http.MethodPost {
				return nil, refuse(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "POST only")
			}
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
			if err != nil {
				return nil, invalid("the body can't be read")
			}
			return call(r.Context(), r.Header, body)
		}()
		status := http.StatusOK
		if err != nil {
			var told *refusal
			if !errors.As(err, &told) {
				log.Print(err)
				told = &refusal{"FAIL", http.StatusInternalServerError, "INTERNAL", "something went wrong"}
			}
			status, answer = told.Status, told
		}
		text, err := json.Marshal(answer)
		if err != nil {
			log.Print(err)
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		w.WriteHeader(status)
		w.Write(text)
	}
}

// userID comes as a string or an integer and is the same user either way.
type userID string

var (
	userForm  = regexp.MustCompile(`^[A-Za-z0-9_.@-]{1,64}$`)
	canonical = regexp.MustCompile(`^(0|[1-9][0-9]{0,15})$`)
)

const mostExact = 1<<53 - 1

func (u *userID) UnmarshalJSON(text []byte) error {
	name := string(text)
	if text[0] == '"' {
		if err := json.Unmarshal(text, &name); err != nil {
			return err
		}
	}
	if !userForm.MatchString(name) {
		return errors.New("not a user's id")
	}
	*u = userID(name)
	return nil
}

func (u userID) MarshalJSON() ([]byte, error) {
	if canonical.MatchString(string(u)) {
		if n, err := strconv.ParseInt(string(u), 10, 64); err == nil && n <= mostExact {
			return []byte(u), nil
		}
	}
	return json.Marshal(string(u))
}

// points are minor units, shown as points.
type points int64

func (p points) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(p)/100, 'f', -1, 64), nil
}

func (p *points) UnmarshalJSON(text []byte) error {
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return err
	}
	minor := math.Round(value * 100)
	if minor/100 != value || minor > mostExact {
		return errors.New("not an amount")
	}
	*p = points(minor)
	return nil
}

// dateTime is shown as seven numbers.
type dateTime struct{ time.Time }

func (t dateTime) MarshalJSON() ([]byte, error) {
	return json.Marshal([7]int{t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second(),
		t.Nanosecond()})
}
