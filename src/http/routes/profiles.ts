/** /v1/profiles: the hosts that a vcpu can pretend to run on. */
import { Type } from 'typebox';
import type { Api, App } from '../app-type.ts';
import { HttpProblem } from '../problems.ts';
import { ok, responses } from '../responses.ts';
import { page, ref } from '../wire/common.ts';
import { Profile, profileToWire } from '../wire/profile.ts';

const tags = ['capabilities'];

export function profileRoutes(app: App, api: Api): void {
  app.get(
    '/v1/profiles',
    {
      schema: {
        operationId: 'listProfiles',
        summary: 'List host profiles',
        description: 'Beside these there is `custom`, whose numbers the client chooses.',
        tags,
        response: responses(
          { 200: ok('All profiles.', page(ref(Profile), 'Profiles; always one page.')) },
          [],
        ),
      },
    },
    async () => ({ items: api.service.profiles().map(profileToWire), next: null }),
  );

  app.get(
    '/v1/profiles/:name',
    {
      schema: {
        operationId: 'getProfile',
        summary: 'Look at a host profile',
        tags,
        params: Type.Object({ name: Type.String({ maxLength: 64, examples: ['neoverse-n1'] }) }),
        response: responses({ 200: ok('The profile.', ref(Profile)) }, ['profile-not-found']),
      },
    },
    async (request) => {
      const profile = api.service.profiles().find(({ name }) => name === request.params.name);
      if (profile !== undefined) return profileToWire(profile);
      const names = api.service.profiles().map(({ name }) => name);
      throw new HttpProblem(
        'profile-not-found',
        `${JSON.stringify(request.params.name)} is no profile. There are ${names.join(', ')}.`,
      );
    },
  );
}
