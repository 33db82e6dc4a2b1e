package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

// The statements, prepared on each connection under these names.
const (
	whoBooks     = "who_books"
	lockSeats    = "lock_seats"
	writeBooking = "write_booking"
	lockWallet   = "lock_wallet"
	writeCharge  = "write_charge"
)

const uniqueViolation = "23505"

type database struct {
	pool *pgxpool.Pool
}

func openDatabase(ctx context.Context, url string, connections int32, directory string) (*database, error) {
	texts := map[string]string{}
	for _, name := range []string{whoBooks, lockSeats, writeBooking, lockWallet, writeCharge} {
		text, err := os.ReadFile(filepath.Join(directory, name+".sql"))
		if err != nil {
			return nil, err
		}
		texts[name] = string(text)
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MinConns, config.MaxConns = connections, connections
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		for name, text := range texts {
			if _, err := c.Prepare(ctx, name, text); err != nil {
				return err
			}
		}
		return nil
	}
	pool, err := pgxpool.ConnectConfig(ctx, config)
	return &database{pool}, err
}

// transact runs work on a connection; work sends BEGIN with its first statements and COMMIT behind
// its last ones, for a round trip each. What work leaves open is rolled back.
func (db *database) transact(ctx context.Context, work func(*pgx.Conn) error) error {
	held, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer held.Release()
	c := held.Conn()
	err = work(c)
	if c.PgConn().TxStatus() != 'I' {
		if _, lost := c.Exec(context.Background(), "ROLLBACK"); lost != nil && err == nil {
			err = lost
		}
	}
	return err
}

func isUniqueViolation(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code == uniqueViolation
}
