/// `connector = 'blackhole'`: a sink that counts rows and keeps nothing, for measuring what stands
/// before it: [dev.aevum.connectors.blackhole.BlackholeConnector].
@NullMarked
package dev.aevum.connectors.blackhole;

import org.jspecify.annotations.NullMarked;
