import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boxAround } from './box.ts';

/** Independent of the box: the chord between two points of the unit sphere, as an angle. */
function kmBetween([latitude, longitude]: [number, number], [toLatitude, toLongitude]: [number, number]): number {
  const vector = (lat: number, lng: number): number[] => {
    const [phi, lambda] = [(lat * Math.PI) / 180, (lng * Math.PI) / 180];
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  };
  const [from, to] = [vector(latitude, longitude), vector(toLatitude, toLongitude)];
  const chord = Math.hypot(...from.map((part, index) => part - (to[index] ?? 0)));
  return 6371.0088 * 2 * Math.asin(Math.min(1, chord / 2));
}

const latitudes = fc.double({ min: -90, max: 90, noNaN: true });
const longitudes = fc.double({ min: -180, max: 180, noNaN: true });

it('holds every point of its circle, also across the date line and at the poles', () => {
  fc.assert(
    fc.property(
      latitudes,
      longitudes,
      fc.double({ min: 0.1, max: 20_000, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      (latitude, longitude, km, up, aside) => {
        const toLatitude = Math.max(-90, Math.min(90, latitude + (up * km) / 111));
        const toLongitude = ((((longitude + aside * 180 + 180) % 360) + 360) % 360) - 180;
        fc.pre(kmBetween([latitude, longitude], [toLatitude, toLongitude]) <= km);
        const { south, north, spans } = boxAround(latitude, longitude, km);
        expect(toLatitude >= south && toLatitude <= north).toBe(true);
        expect(spans.some(([west, east]) => toLongitude >= west && toLongitude <= east)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

it('is no larger than it has to be: 100 km around Lisbon are not Madrid', () => {
  const { south, north, spans } = boxAround(38.72, -9.14, 100);
  expect([south, north].map(Math.round)).toEqual([38, 40]);
  expect(spans).toEqual([[expect.closeTo(-10.29, 1), expect.closeTo(-7.99, 1)]]);
});

it('reaches over the 180th meridian in two spans', () => {
  const { spans } = boxAround(-17, 179.9, 100); // Fiji lies on both sides of it
  expect(spans).toHaveLength(2);
  expect(spans[0]?.[1]).toBe(180);
  expect(spans[1]?.[0]).toBe(-180);
});
