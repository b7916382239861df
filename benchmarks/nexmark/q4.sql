SELECT category, trunc(avg(final))::bigint AS avg_final
FROM (
  SELECT a.id, a.category, max(b.price) AS final
  FROM auction a JOIN bid b ON a.id = b.auction
  WHERE b.datetime BETWEEN a.datetime AND a.expires
  GROUP BY a.id, a.category
) q
GROUP BY category
