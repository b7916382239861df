SELECT c.auction, c.num, c.starttime, c.endtime
FROM (
  SELECT auction, count(*) AS num, window_start AS starttime, window_end AS endtime
  FROM HOP(bid, DESCRIPTOR(datetime), INTERVAL '2 seconds', INTERVAL '10 seconds')
  GROUP BY auction, window_start, window_end
) c
JOIN (
  SELECT max(num) AS maxn, starttime, endtime
  FROM (
    SELECT count(*) AS num, window_start AS starttime, window_end AS endtime
    FROM HOP(bid, DESCRIPTOR(datetime), INTERVAL '2 seconds', INTERVAL '10 seconds')
    GROUP BY auction, window_start, window_end
  ) n
  GROUP BY starttime, endtime
) m
ON c.starttime = m.starttime AND c.endtime = m.endtime AND c.num >= m.maxn
