"""The sale that each measurement begins with, and its books afterwards.

It is prepared once, as an embedded store and as a database; every measurement gets a copy of its
own. The peers use the tables of the service, with its constraints and indexes, and draw their ids
from sequences.
"""

import os
import shutil
import subprocess
import sys

import service

WARM_UP = 40_000  # bookings at most
OWN_IDS = {"booking": "booking_id", "reservation": "reservation_id", "point_entry": "entry_id"}

# What must hold of the tables, whoever filled them; each gives the rows that are wrong.
WRONG = {
    "a seat twice": "SELECT seat_id FROM reservation WHERE released_at IS NULL GROUP BY seat_id "
                    "HAVING count(*) > 1",
    "a seat marked wrongly": "SELECT seat_id FROM seat s WHERE is_reserved <> EXISTS (SELECT 1 "
                             "FROM reservation r WHERE r.seat_id = s.seat_id AND released_at IS NULL)",
    "a hold without its reservation":
        "SELECT 1 FROM temp_reservation t FULL JOIN reservation r "
        "ON temp_reservation_id = reservation_id WHERE t.booking_id IS DISTINCT FROM r.booking_id "
        "OR t.seat_id <> r.seat_id OR t.user_id <> r.user_id",
    "a booking that costs something else":
        "SELECT b.booking_id FROM booking b LEFT JOIN reservation r USING (booking_id) "
        "GROUP BY b.booking_id HAVING b.total IS DISTINCT FROM sum(r.price)",
    "a balance that isn't the sum of its entries":
        "SELECT w.user_id FROM wallet w LEFT JOIN point_entry e USING (user_id) "
        "GROUP BY w.user_id, w.balance HAVING w.balance <> coalesce(sum(e.amount), 0)",
}


class Sale:
    def __init__(self, options, scratch, postgres):
        self.options, self.scratch, self.postgres = options, scratch, postgres
        self.store = scratch / "prepared"
        subprocess.run([options.bench / "prepare_store", self.store, str(options.bookings),
                        str(options.bookings)], check=True, timeout=300)
        lines = (self.store / "bookings.txt").read_text().splitlines()
        self.first_lines = lines.pop(), lines.pop()
        # The peers' programs are compiled while they run: before the clock starts, too.
        self.warm_up, self.bookings = scratch / "warm-up.txt", scratch / "bookings.txt"
        self.warm_up.write_text("\n".join(lines[-WARM_UP:]) + "\n")
        self.bookings.write_text("\n".join(lines[:-WARM_UP]) + "\n")
        self.followed_store = scratch / "followed"
        shutil.copytree(self.store, self.followed_store)
        self.following_database = postgres.make_database()
        self.ship()
        postgres.sql(self.following_database, "VACUUM ANALYZE")
        # As if the database had been the store from the start.
        self.store_database = self.copy_database(self.following_database)
        postgres.sql(self.store_database, "UPDATE store_meta SET fed_by = 'itself'")
        self.peers_database = self.copy_database(self.store_database)
        for table, column in OWN_IDS.items():
            postgres.sql(self.peers_database, f"""
                CREATE SEQUENCE {table}_ids OWNED BY {table}.{column};
                SELECT setval('{table}_ids', coalesce(max({column}), 0) + 1, false) FROM {table};
                ALTER TABLE {table} ALTER {column} SET DEFAULT nextval('{table}_ids')""")

    def ship(self):
        """Has the embedded store's rows written into the database."""
        settings = ["--postgres.url", self.postgres.url(self.following_database)]
        with service.running(self.options.server, self.followed_store, *settings) as server:
            service.wait_until_followed(server, patience=300)

    def copy_store(self, of):
        store = self.scratch / "store"
        shutil.rmtree(store, ignore_errors=True)
        shutil.copytree(of, store)
        os.sync()  # so that the copy isn't written back while the service is measured
        return store

    def copy_database(self, of):
        self.postgres.databases += 1
        name = f"sale{self.postgres.databases}"
        self.postgres.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY file_copy")
        self.postgres.sql("postgres", "CHECKPOINT")
        return name

    def drop_database(self, name):
        self.postgres.sql("postgres", f"DROP DATABASE {name}")

    def count(self, database):
        """(bookings, charges) there, beside the charge that prepared each wallet."""
        held, entries = self.postgres.sql(
            database, "SELECT (SELECT count(*) FROM booking), (SELECT count(*) FROM point_entry)"
        ).split("|")
        return int(held), int(entries) - self.options.bookings

    def check(self, database):
        for what, query in WRONG.items():
            if found := self.postgres.sql(database, f"{query} LIMIT 3"):
                sys.exit(f"{database}: {what}: {found}")
        # The service's own audit, of the peers' books as well.
        for table, column in OWN_IDS.items():
            kind = "entry" if table == "point_entry" else table
            self.postgres.sql(database, f"UPDATE id_counter SET next = greatest(next, (SELECT "
                                        f"coalesce(max({column}), 0) + 1 FROM {table})) "
                                        f"WHERE kind = '{kind}'")
        subprocess.run([self.options.server, "audit", "--postgres.url",
                        self.postgres.url(database)], check=True, timeout=300,
                       stdout=subprocess.DEVNULL)
