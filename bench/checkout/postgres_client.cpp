#include "bench/checkout/postgres_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <libpq-fe.h>
#include <memory>
#include <stdexcept>

#include "base/id.hpp"
#include "base/random.hpp"
#include "bench/checkout/basket.hpp"

namespace stoa::bench {
namespace {

namespace asio = boost::asio;

using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

Handle connect(const std::string& socket_directory) {
  return {PQconnectdb(("host=" + socket_directory + " user=postgres dbname=postgres").c_str()), &PQfinish};
}

void check(PGconn* connection, bool done) {
  if (!done) throw std::runtime_error(std::string("PostgreSQL: ") + PQerrorMessage(connection));
}

constexpr const char* kAddress =
    R"({"name":"A B","line1":"Street 1","line2":null,"city":"Town","region":null,"postal_code":"1000","country":"DE"})";

// 32 bytes, as bytea reads them.
std::string body_hash(Random& random) {
  std::string hash = "\\x";
  for (int i = 0; i < 2; ++i) hash += Uuid{random.u64(), random.u64()}.hex();
  return hash;
}

class Client {
 public:
  Client(asio::io_context& context, const PostgresLoad& load, int number, PostgresRun& run)
      : connection_(connect(load.socket_directory)),
        socket_(context),
        random_(load.run * 1000 + static_cast<uint64_t>(number)),
        customer_(std::to_string(number)),
        key_(std::to_string(load.run) + "-" + customer_ + "-"),
        run_(run) {
    check(connection_.get(), PQstatus(connection_.get()) == CONNECTION_OK);
    const Answer prepared(PQprepare(connection_.get(), "checkout", "select checkout($1,$2,$3,$4,$5,$6,$7)", 7, nullptr),
                          &PQclear);
    check(connection_.get(), PQresultStatus(prepared.get()) == PGRES_COMMAND_OK);
    socket_.assign(PQsocket(connection_.get()));
  }
  // The descriptor is libpq's to close.
  ~Client() { socket_.release(); }

  void begin(double end_s) {
    end_s_ = end_s;
    send();
  }

 private:
  void send() {
    basket_ = random_basket(random_);
    std::string products = "{", quantities = "{";
    for (const BasketLine& line : basket_) {
      products += (products.size() > 1 ? "," : "") + std::to_string(line.product + 1);
      quantities += (quantities.size() > 1 ? "," : "") + std::to_string(line.quantity);
    }
    products += "}", quantities += "}";
    const std::string key = key_ + std::to_string(++calls_);
    const std::string hash = body_hash(random_);
    const char* values[] = {customer_.c_str(), key.c_str(),      hash.c_str(),      kAddress,
                            "tok_visa",        products.c_str(), quantities.c_str()};
    sent_s_ = now_s();
    check(connection_.get(), PQsendQueryPrepared(connection_.get(), "checkout", 7, values, nullptr, nullptr, 0) == 1);
    receive();
  }

  void receive() {
    socket_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
      if (error) throw std::runtime_error("PostgreSQL: " + error.message());
      check(connection_.get(), PQconsumeInput(connection_.get()) == 1);
      if (PQisBusy(connection_.get()) != 0) return receive();
      for (Answer answer(PQgetResult(connection_.get()), &PQclear); answer != nullptr;
           answer.reset(PQgetResult(connection_.get()))) {
        check(connection_.get(), PQresultStatus(answer.get()) == PGRES_TUPLES_OK);
        if (PQgetlength(answer.get(), 0, 0) == 0) throw std::runtime_error("PostgreSQL: an empty answer");
      }
      const double now = now_s();
      run_.measured.done_after(now - sent_s_);
      for (const BasketLine& line : basket_) run_.units += static_cast<uint64_t>(line.quantity);
      if (now < end_s_) send();
    });
  }

  Handle connection_;
  asio::posix::stream_descriptor socket_;
  SeededRandom random_;
  const std::string customer_;
  const std::string key_;
  double end_s_ = 0;
  PostgresRun& run_;
  Basket basket_;
  uint64_t calls_ = 0;
  double sent_s_ = 0;
};

}  // namespace

bool postgres_answers(const std::string& socket_directory) {
  return PQstatus(connect(socket_directory).get()) == CONNECTION_OK;
}

std::string postgres_value(const std::string& socket_directory, const std::string& statements) {
  const Handle connection = connect(socket_directory);
  const Answer answer(PQexec(connection.get(), statements.c_str()), &PQclear);
  const auto status = PQresultStatus(answer.get());
  check(connection.get(), status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK);
  return PQntuples(answer.get()) > 0 ? PQgetvalue(answer.get(), 0, 0) : "";
}

PostgresRun run_postgres(const PostgresLoad& load) {
  asio::io_context context(1);
  PostgresRun run;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < load.clients; ++i) {
    clients.push_back(std::make_unique<Client>(context, load, i, run));
  }
  const double start = now_s();
  for (const auto& client : clients) client->begin(start + load.seconds);
  context.run();
  run.measured.seconds = now_s() - start;
  if (load.before_closing) load.before_closing(run);
  return run;
}

}  // namespace stoa::bench
