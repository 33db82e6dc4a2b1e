// Offers bookings at a fixed rate, whether the service keeps up or not, and says how long each
// took from the moment at which it was due. (A closed loop would wait with the service and hide
// what it made others wait.)
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace boxoffice::bench {

struct sale_figures {
  double offered_a_second = 0, answered_a_second = 0;
  double p50_ms = 0, p99_ms = 0, worst_ms = 0;
  std::size_t answered = 0, refused = 0; // refused: any status but 200, or a lost connection
};

class seller {
public:
  // Lines of bookings.txt, as prepare_store writes them: "user token seat".
  seller(std::uint16_t port, const std::string& bookings_file, int connections);
  ~seller();
  seller(const seller&) = delete;
  seller& operator=(const seller&) = delete;

  // Each call goes on in the file where the last one ended.
  sale_figures offer(int bookings_a_second, std::chrono::seconds for_so_long);

private:
  struct link {
    int fd = -1;
    std::chrono::steady_clock::time_point due;
    std::string input;
  };

  void ask(link&, std::chrono::steady_clock::time_point due);
  bool take_answer(link&, bool& well);

  std::vector<std::string> requests_;
  std::size_t next_ = 0;
  std::vector<link> links_;
  std::vector<std::size_t> idle_;
  int poll_ = -1;
};

} // namespace boxoffice::bench
