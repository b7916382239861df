-- The three Nexmark streams. ${options} is filled by the bench command: connector, dataset, seed, rate, events.
CREATE STREAM person (
  id BIGINT, name TEXT, emailaddress TEXT, creditcard TEXT, city TEXT, state TEXT, datetime TIMESTAMP, extra TEXT,
  WATERMARK FOR datetime AS datetime - INTERVAL '4 seconds'
) WITH (${options}, entity = 'person');

CREATE STREAM auction (
  id BIGINT, itemname TEXT, description TEXT, initialbid BIGINT, reserve BIGINT, datetime TIMESTAMP, expires TIMESTAMP,
  seller BIGINT, category BIGINT, extra TEXT,
  WATERMARK FOR datetime AS datetime - INTERVAL '4 seconds'
) WITH (${options}, entity = 'auction');

CREATE STREAM bid (
  auction BIGINT, bidder BIGINT, price BIGINT, channel TEXT, url TEXT, datetime TIMESTAMP, extra TEXT,
  WATERMARK FOR datetime AS datetime - INTERVAL '4 seconds'
) WITH (${options}, entity = 'bid');
