/** An answer of the API: any JSON, read by tests as they need it. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests read answers of any shape; typed documents are for programs
export type Answer = any;

export interface GraphqlClient {
  (query: string, variables?: Record<string, unknown>, apiKey?: string): Promise<Answer>;
}

/** Sends GraphQL documents to an API over HTTP and gives back `data`; throws what stands in `errors`. */
export function graphqlClient(url: string): GraphqlClient {
  return async (query, variables, apiKey) => {
    const { data, errors } = await post(url, query, variables, apiKey);
    if (errors) throw new GraphqlErrors(errors);
    return data;
  };
}

/** What the API said instead of data. */
export class GraphqlErrors extends Error {
  constructor(readonly errors: { message: string; extensions?: { code?: string } }[]) {
    super(errors.map(({ message }) => message).join('; '));
  }

  get codes(): (string | undefined)[] {
    return this.errors.map(({ extensions }) => extensions?.code);
  }
}

export async function post(
  url: string,
  query: string,
  variables?: Record<string, unknown>,
  apiKey?: string,
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}
