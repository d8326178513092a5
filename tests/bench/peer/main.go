// A customer's view as a team would write it by hand: one process, one
// database, JSON over HTTP. No keys, no tenants, no summary, no groups, no
// deadlines. ./dev bench view --peer measures it beside the suite.
package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"

	_ "github.com/go-sql-driver/mysql"
)

// Of the pool, which 64 callers keep busy.
const connections = 32

const (
	selectContact = "SELECT id, first_name, last_name, email, phone, company, " +
		"status, created_at, updated_at FROM contacts WHERE id = ?"
	selectIdentities = "SELECT id, channel, value, verified, created_at " +
		"FROM identities WHERE contact_id = ?"
	selectInteractions = "SELECT id, channel, direction, subject, body, " +
		"occurred_at FROM interactions WHERE contact_id = ? " +
		"ORDER BY occurred_at DESC LIMIT 20"
)

type contact struct {
	ID                         int64
	FirstName, LastName, Email string
	Phone, Company, Status     string
	CreatedAt, UpdatedAt       string
}

type identity struct {
	ID             int64
	Channel, Value string
	Verified       bool
	CreatedAt      string
}

type interaction struct {
	ID                          int64
	Channel, Direction, Subject string
	Body, OccurredAt            string
}

type view struct {
	Contact      contact
	Channels     []identity
	Interactions []interaction
}

// store reads views by statements that are prepared once for each connection.
type store struct {
	contact, identities, interactions *sql.Stmt
}

func open(dsn string) (*store, error) {
	db, err := sql.Open("mysql", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	var s store
	for text, statement := range map[string]**sql.Stmt{
		selectContact:      &s.contact,
		selectIdentities:   &s.identities,
		selectInteractions: &s.interactions,
	} {
		if *statement, err = db.Prepare(text); err != nil {
			return nil, err
		}
	}
	return &s, nil
}

func (s *store) view(id string) (*view, error) {
	var v view
	c := &v.Contact
	err := s.contact.QueryRow(id).Scan(&c.ID, &c.FirstName, &c.LastName,
		&c.Email, &c.Phone, &c.Company, &c.Status, &c.CreatedAt, &c.UpdatedAt)
	if err != nil {
		return nil, err
	}
	err = each(s.identities, id, func(rows *sql.Rows) error {
		var i identity
		err := rows.Scan(&i.ID, &i.Channel, &i.Value, &i.Verified, &i.CreatedAt)
		v.Channels = append(v.Channels, i)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = each(s.interactions, id, func(rows *sql.Rows) error {
		var i interaction
		err := rows.Scan(&i.ID, &i.Channel, &i.Direction, &i.Subject, &i.Body,
			&i.OccurredAt)
		v.Interactions = append(v.Interactions, i)
		return err
	})
	return &v, err
}

// each calls scan for every row of a contact.
func each(statement *sql.Stmt, id string, scan func(*sql.Rows) error) error {
	rows, err := statement.Query(id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// ServeHTTP answers GET /customers/{id}.
func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v, err := s.view(strings.TrimPrefix(r.URL.Path, "/customers/"))
	if errors.Is(err, sql.ErrNoRows) {
		http.Error(w, "no such customer", http.StatusNotFound)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

func main() {
	dsn := flag.String("dsn", "", "the database, as go-sql-driver names it")
	listen := flag.String("listen", "127.0.0.1:0",
		"where to listen for HTTP; port 0 is a free one")
	flag.Parse()
	s, err := open(*dsn)
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/customers/", s)
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
