-- Browsing and buying: nine readers to one buyer, the popular products by far the most wanted.
-- Run it:  stoa load scenarios/checkout.lua            against `stoa dev`
--          stoa load scenarios/checkout.lua --rate 50 --duration 20s --report checkout.html
-- docs/load.md says what everything here means.

local address = {name = "Ada Load", line1 = "Teststrasse 1", city = "Berlin", postal_code = "10115", country = "DE"}

return {
  name = "checkout",
  seed = 7,
  target = "http://127.0.0.1:8080",

  -- Products of this run's own, so that their stock is known from the first unit on.
  setup = function(s)
    s:login("merchant@demo.stoa", "correct-horse-battery")
    local products = {}
    for i = 1, 100 do
      -- Every run makes new ones: a SKU that was taken (the same seed ran before) is tried again under another name.
      local made = s:poll(function()
        local r = s:post("/v1/products", {
          sku = "load-" .. s:uuid(), name = "Load product " .. i,
          price = {amount = 100 * i + 99, currency = "EUR"}, stock = 1000,
        })
        s:expect(r.status == 201 or r.status == 409, "product " .. i .. " gave " .. (r.error or r.status))
        return r.status == 201 and r
      end, {every = "1ms", at_most = "20s"})
      s:expect(made, "a free SKU for product " .. i)
      products[i] = made.body.id
    end
    return {products = products}
  end,

  load = {
    {shape = "ramp", from = 0, to = 100, duration = "5s"},
    {shape = "constant", rate = 100, duration = "25s", arrivals = "poisson"},
  },

  users = {count = 20, email = "load-%d@demo.stoa", password = "correct-horse-battery"},

  mix = {browse = 9, checkout = 1},

  flows = {
    browse = function(s, d)
      local r = s:get("/v1/products/" .. s:zipf(d.products, 1.0))
      s:check("product is found", r.status == 200)
    end,

    checkout = function(s, d)
      local r = s:post("/v1/orders", {
        lines = {{product_id = s:pick(d.products), quantity = s:uniform(1, 3)}},
        shipping_address = address,
        payment = {method = "tok_visa"},
      }, {["Idempotency-Key"] = s:uuid()})
      if s:check("order is confirmed", r.status == 201) then s:ack("order", r.body) end
    end,
  },

  thresholds = {
    ["browse.p99"] = "< 100ms",
    ["checkout.p99"] = "< 250ms",
    ["errors"] = "< 0.1%",
  },

  verify = {"stock", "orders", "idempotency", "events"},
}
