// A service on a real store in a directory of its own, with clients that can wait for answers.
#pragma once

#include "actors/real_environment.hpp"
#include "actors/service.hpp"
#include "tests/actors/faulty_store.hpp"
#include "tests/support/scratch_directory.hpp"

#include <filesystem>
#include <future>
#include <map>
#include <mutex>
#include <string>

namespace boxoffice::test {

// Keeps each answer until it is asked for.
class waiting_clients : public actors::client_port {
public:
  std::future<actors::outcome> expect(actors::request_id);
  void complete(actors::request_id, actors::outcome) override;

private:
  std::mutex mutex_;
  std::map<actors::request_id, std::promise<actors::outcome>> open_;
};

class running_service {
public:
  explicit running_service(const std::filesystem::path& directory,
                           actors::service_options options = {});

  // Puts the demo's data in and waits until the service is ready.
  void stock();
  void wait_until_ready() const;

  std::future<actors::outcome> ask(actors::command);
  // Waits for the answer; the test fails when none comes in ten seconds.
  actors::outcome tell(actors::command);

  // Shorthands for a user's steps. The answer must be what the step gives when all goes well.
  domain::token_view enter(const std::string& user, std::int64_t concert = 1);
  actors::booking_view book(const std::string& user, domain::token_key, const std::string& seats);
  domain::money charge(const std::string& user, std::int64_t points);
  domain::money balance(const std::string& user);

  store_faults& faults() { return *faults_; }
  actors::service& service() { return *service_; }
  // Ends the service as a crash would: nothing that waits is committed any more.
  void crash();

private:
  std::shared_ptr<store_faults> faults_ = std::make_shared<store_faults>();
  actors::machine_random random_;
  waiting_clients clients_;
  std::unique_ptr<actors::clock> clock_;
  std::unique_ptr<actors::service> service_;
  std::atomic<actors::request_id> last_request_{0};
};

actors::create_booking booking_of(const std::string& user, domain::token_key,
                                  const std::string& seats, std::int64_t option = 1);
actors::pay_booking payment_of(const actors::booking_view&, domain::token_key);
domain::user_id user(const std::string&);

// The code of a refusal; nothing for a success.
std::optional<domain::error_code> code_of(const actors::outcome&);

// Fails the test unless the books in the directory are right.
void check_books(const std::filesystem::path& directory);

} // namespace boxoffice::test
