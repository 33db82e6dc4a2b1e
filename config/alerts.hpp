// Tells people what the log says with severity ERROR, by a Slack-compatible webhook.
//
// The first message goes out at once. What follows within the interval is gathered and goes out as
// one message when it ends, so a storm of errors is a few posts. What the webhook does not take is
// kept, up to a bound, and tried again after the next interval. libcurl stays behind this file.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace boxoffice::config {

struct alert_options {
  std::string webhook; // an http or https address; it is a secret and never logged
  std::chrono::milliseconds interval = std::chrono::seconds(10);
};

class alerts {
public:
  explicit alerts(alert_options);
  // Posts what waits, but gives it half a second at most.
  ~alerts();
  alerts(const alerts&) = delete;
  alerts& operator=(const alerts&) = delete;

  // Any thread; neither waits for the webhook nor throws.
  void tell(std::string_view line) noexcept;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

// The body of a post: {"text": …}, with the three characters that Slack reads escaped.
std::string slack_message(std::string_view text);

} // namespace boxoffice::config
