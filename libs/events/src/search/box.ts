const KM_PER_DEGREE = (6371.0088 * Math.PI) / 180;

/** Degrees. Longitudes in one span, or in two where the box crosses the 180th meridian. */
export interface Box {
  south: number;
  north: number;
  spans: [west: number, east: number][];
}

/** The smallest box of latitudes and longitudes that holds a circle on the globe. Around a pole it holds all longitudes. */
export function boxAround(latitude: number, longitude: number, km: number): Box {
  const reach = (km / KM_PER_DEGREE) * 1.000001; // for what rounding takes away at the rim
  const south = Math.max(latitude - reach, -90);
  const north = Math.min(latitude + reach, 90);
  if (latitude - reach <= -90 || latitude + reach >= 90) return { south, north, spans: [[-180, 180]] };
  const aside = degrees(Math.asin(Math.sin(radians(reach)) / Math.cos(radians(latitude))));
  return { south, north, spans: spansOf(longitude - aside, longitude + aside) };
}

function spansOf(west: number, east: number): Box['spans'] {
  if (west < -180)
    return [
      [west + 360, 180],
      [-180, east],
    ];
  if (east > 180)
    return [
      [west, 180],
      [-180, east - 360],
    ];
  return [[west, east]];
}

function radians(angle: number): number {
  return (angle * Math.PI) / 180;
}

function degrees(angle: number): number {
  return (angle * 180) / Math.PI;
}
