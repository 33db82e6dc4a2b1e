package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/jackc/pgx/v4"
)

const (
	mostCharge  points = 1_000_000_000
	mostBalance points = 100_000_000_000
)

type chargeRequest struct {
	User   userID `json:"userId"`
	Amount points `json:"balance"`
}

// lock begins the transaction and locks the wallet.
func lock(ctx context.Context, c *pgx.Conn, user userID, amount points) (
	name string, balance points, repeated bool, err error) {
	batch := &pgx.Batch{}
	batch.Queue("BEGIN")
	batch.Queue(lockWallet, string(user), int64(amount))
	results := c.SendBatch(ctx, batch)
	defer results.Close()
	if _, err = results.Exec(); err != nil {
		return
	}
	err = results.QueryRow().Scan(&name, &balance, &repeated)
	if errors.Is(err, pgx.ErrNoRows) {
		err = refuse(http.StatusNotFound, "USER_NOT_FOUND", "no such user")
	}
	return
}

// add changes the wallet, writes the history, and commits.
func add(ctx context.Context, c *pgx.Conn, user userID, amount points) (balance points, err error) {
	batch := &pgx.Batch{}
	batch.Queue(writeCharge, string(user), int64(amount))
	batch.Queue("COMMIT")
	results := c.SendBatch(ctx, batch)
	defer results.Close()
	if err = results.QueryRow().Scan(&balance); err != nil {
		return
	}
	_, err = results.Exec()
	return
}

func (db *database) charge(ctx context.Context, _ http.Header, body []byte) (any, error) {
	var wish chargeRequest
	err := json.Unmarshal(body, &wish)
	if err != nil || wish.User == "" || wish.Amount <= 0 || wish.Amount > mostCharge {
		return nil, invalid("the body is not a charge")
	}
	answer := account{ID: wish.User}
	err = db.transact(ctx, func(c *pgx.Conn) error {
		name, balance, repeated, err := lock(ctx, c, wish.User, wish.Amount)
		switch {
		case err != nil:
			return err
		case repeated:
			return refuse(http.StatusConflict, "DUPLICATE_REQUEST", "the same charge just before")
		case balance+wish.Amount > mostBalance:
			return refuse(http.StatusConflict, "BALANCE_LIMIT", "a wallet holds no more")
		}
		answer.Name = name
		answer.Balance, err = add(ctx, c, wish.User, wish.Amount)
		return err
	})
	return answer, err
}
