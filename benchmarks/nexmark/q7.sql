SELECT b.auction, b.price, b.bidder, b.datetime, b.extra
FROM bid b
JOIN (
  SELECT max(price) AS maxprice, window_end AS endtime
  FROM TUMBLE(bid, DESCRIPTOR(datetime), INTERVAL '10 seconds')
  GROUP BY window_start, window_end
) m
ON b.price = m.maxprice
WHERE b.datetime BETWEEN m.endtime - INTERVAL '10 seconds' AND m.endtime
