import type { Access } from "../../domain/access/granted-access.ts";
import { namespaceOfRobot, type RobotName } from "../../domain/access/names.ts";
import { MIN_REGISTRY_TOKEN_SECONDS } from "../../domain/accounts/credential.ts";
import {
  type Account,
  isEnabled,
  type Robot,
  type RobotToken,
  tokenInGrace,
} from "../../domain/accounts/robot.ts";
import { equalHashes } from "../../domain/accounts/secret.ts";
import { robotAccess } from "../../domain/rules/grant.ts";
import type { Clock } from "../ports.ts";

/** Robots and grants together; a grant is about 200 bytes. */
const MAX_WEIGHT = 50_000;

interface HeldRobot {
  readonly access: Access;
  /** The robot's own token, and one in its grace time. */
  readonly tokens: readonly HeldToken[];
}

interface HeldToken {
  readonly token: RobotToken;
  /** Unix seconds. */
  readonly verifiedAt: number;
}

/** A look-up that may end in something to remember. */
export interface Verification {
  /** Of what was taken away: another one says that something was. */
  readonly generation: number;
  /** Unix seconds. */
  readonly at: number;
}

/** A robot token of which this process still knows that it was right. */
export interface VerifiedRobotToken {
  readonly number: number;
  /** What the robot was last seen to have, cut to pulls. */
  readonly access: Access;
  /** Unix seconds. */
  readonly verifiedAt: number;
  /** Unix seconds: what is given for it must end by then. */
  readonly until: number;
}

/**
 * Hashes of the robot tokens that this process has verified against the store, for the time in which the store may be
 * down (decision 19). Nothing here lets anybody in while the store answers. What this process learns of a robot
 * takes from it: a token that was replaced, a robot that is disabled or gone, a permission that is no more.
 */
export class VerifiedRobotTokens {
  readonly #clock: Clock;
  readonly #maxAgeSeconds: number;
  readonly #maxWeight: number;
  /** The robot that was verified longest ago is the first. */
  readonly #held = new Map<RobotName, HeldRobot>();
  #weight = 0;
  #generation = 0;

  constructor(clock: Clock, maxAgeSeconds: number, maxWeight = MAX_WEIGHT) {
    this.#clock = clock;
    this.#maxAgeSeconds = maxAgeSeconds;
    this.#maxWeight = maxWeight;
  }

  /** To be called before the look-up whose outcome is then remembered. */
  begin(): Verification {
    return { generation: this.#generation, at: this.#seconds() };
  }

  /**
   * Keeps that `token` of that account was verified, as of the begin: the store may have taken its time. Not where
   * something was taken away since: the account may have been read before the change that took it.
   */
  remember({ robot }: Account, token: RobotToken, { generation, at }: Verification): void {
    if (generation !== this.#generation) return;
    const others = this.#stillHeld(robot).filter((held) => held.token.hash !== token.hash);
    this.#hold(robot.name, {
      access: pullsOf(robot),
      tokens: [...others, { token, verifiedAt: at }],
    });
  }

  /** The token with that hash, where what it gives could still live for the least time of a registry token. */
  find(robot: RobotName, hash: string): VerifiedRobotToken | undefined {
    const held = this.#held.get(robot);
    const known = held?.tokens.find(({ token }) => equalHashes(token.hash, hash));
    if (held === undefined || known === undefined) return undefined;
    const { token, verifiedAt } = known;
    const now = this.#seconds();
    const until = Math.min(verifiedAt + this.#maxAgeSeconds, token.expiresAt ?? Number.POSITIVE_INFINITY);
    // A clock that was put back makes no token younger.
    if (now < verifiedAt || until - now < MIN_REGISTRY_TOKEN_SECONDS) return undefined;
    return { number: token.number, access: held.access, verifiedAt, until };
  }

  /** Takes what `account`, as it has just been read, does not bear out. */
  see(name: RobotName, account: Account | undefined): void {
    const held = this.#held.get(name);
    if (held === undefined) return;
    const tokens = account !== undefined && isEnabled(account) ? this.#stillHeld(account.robot) : [];
    if (tokens.length < held.tokens.length) this.#generation += 1;
    if (account === undefined || tokens.length === 0) this.#drop(name);
    else this.#replace(name, held, { access: pullsOf(account.robot), tokens });
  }

  /** Takes all robots of a namespace: it is being changed here. */
  forgetNamespace(namespace: string): void {
    this.#generation += 1;
    for (const name of this.#held.keys()) if (namespaceOfRobot(name) === namespace) this.#drop(name);
  }

  /** What is held of `robot` and is still a token of its own, with the end that it has now. */
  #stillHeld(robot: Robot): readonly HeldToken[] {
    const current = [robot.token, tokenInGrace(robot)];
    return (this.#held.get(robot.name)?.tokens ?? []).flatMap(({ token, verifiedAt }) => {
      const same = current.find((one) => one?.hash === token.hash);
      return same === undefined ? [] : [{ token: same, verifiedAt }];
    });
  }

  #hold(name: RobotName, robot: HeldRobot): void {
    this.#drop(name);
    this.#held.set(name, robot);
    this.#weight += weightOf(robot);
    for (const oldest of this.#held.keys()) {
      if (this.#weight <= this.#maxWeight) break;
      this.#drop(oldest);
    }
  }

  /** In its place in the order: to be seen is not to be verified. */
  #replace(name: RobotName, held: HeldRobot, robot: HeldRobot): void {
    this.#held.set(name, robot);
    this.#weight += weightOf(robot) - weightOf(held);
  }

  #drop(name: RobotName): void {
    const held = this.#held.get(name);
    if (held === undefined) return;
    this.#held.delete(name);
    this.#weight -= weightOf(held);
  }

  #seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}

function pullsOf(robot: Robot): Access {
  const grants = robotAccess(robot).grants.map((grant) => ({ ...grant, actions: ["pull"] as const }));
  return { grants, catalog: false };
}

function weightOf(robot: HeldRobot): number {
  return robot.access.grants.length + 1;
}
