// The peer that a team would write in Go: net/http and pgx, a transaction a request, rows locked.
//
// usage: peer PORT URL CONNECTIONS SQL-DIRECTORY
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: peer PORT URL CONNECTIONS SQL-DIRECTORY")
	}
	connections, err := strconv.Atoi(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	db, err := openDatabase(ctx, os.Args[2], int32(connections), os.Args[4])
	if err != nil {
		log.Fatal(err)
	}
	defer db.pool.Close()

	routes := http.NewServeMux()
	routes.HandleFunc("/mock/booking", posted(db.book))
	routes.HandleFunc("/mock/balance", posted(db.charge))
	routes.HandleFunc("/readyz", func(w http.ResponseWriter, r *http.Request) {
		if db.pool.Ping(r.Context()) != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	server := &http.Server{
		Addr:              "127.0.0.1:" + os.Args[1],
		Handler:           routes,
		ReadHeaderTimeout: 10 * time.Second,
	}
	go func() {
		<-ctx.Done()
		drain, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		server.Shutdown(drain)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
