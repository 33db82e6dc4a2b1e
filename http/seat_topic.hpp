// What the listeners of one performance's seats are told.
//
// The topic follows the published seat maps: what differs between the map it knew and the one there
// is now becomes one event, written once for everybody. A listener is a place in the row of events.
// The row is bounded: whoever is too far behind is told the whole state instead, as a `reset`, and
// goes on from there.
//
// An event's id is "<incarnation>-<number>", so that an id of an earlier run is recognised as such.
#pragma once

#include "http/backend.hpp"
#include "http/event_stream.hpp"
#include "http/message.hpp"
#include "http/open_streams.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace boxoffice::http {

using sinks = std::set<std::shared_ptr<reply_sink>>;

// All public members: any thread.
class seat_topic : public std::enable_shared_from_this<seat_topic> {
public:
  using map_pointer = std::shared_ptr<const domain::seat_map>;
  using option_pointer = std::shared_ptr<const domain::concert_option>;

  // `now`, the option's current map, is where it begins.
  seat_topic(topic_id, std::string incarnation, option_pointer, map_pointer now);

  topic_id id() const { return id_; }

  // Somebody who listens from now on, from what `last_event_id` led to if that is still known
  // (nullptr: it knows nothing). `client` is any number, another for each.
  std::unique_ptr<listener> join(const std::string* last_event_id, std::uint64_t client,
                                 const std::shared_ptr<reply_sink>&,
                                 std::unique_ptr<open_streams::place>);

  // Takes notice of the seats as they are now. Whether there is news.
  bool follow(const backend&);

  bool listened_to() const;
  sinks where_to_announce() const;

private:
  class place;
  struct event {
    std::uint64_t number;
    event_piece piece;
  };

  void leave();
  std::string id_of(std::uint64_t number) const;
  std::uint64_t known_number(const std::string& event_id) const;
  void shorten_row();
  listener::told next_after(std::uint64_t& heard);
  const event_piece& state(bool as_reset);

  const topic_id id_;
  const std::string incarnation_;
  const option_pointer option_;

  std::mutex follow_mutex_; // taken before mutex_
  mutable std::mutex mutex_;
  map_pointer map_;
  std::uint64_t number_;    // of the map; grows with each event
  std::uint64_t row_start_; // the row leads from here to number_
  std::deque<event> row_;
  std::size_t row_bytes_ = 0;
  event_piece snapshot_, reset_; // of the map, written when somebody needs them
  std::size_t listeners_ = 0;
  sinks sinks_;
};

} // namespace boxoffice::http
