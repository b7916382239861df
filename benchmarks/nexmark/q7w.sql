SELECT b.auction, b.price, b.bidder, b.datetime, b.extra
FROM TUMBLE(bid, DESCRIPTOR(datetime), INTERVAL '10 seconds') b
JOIN (
  SELECT max(price) AS maxprice, window_start, window_end
  FROM TUMBLE(bid, DESCRIPTOR(datetime), INTERVAL '10 seconds')
  GROUP BY window_start, window_end
) m
ON b.window_start = m.window_start AND b.window_end = m.window_end AND b.price = m.maxprice
